import { writeFile } from 'node:fs/promises';
import { type BundleOf, bundleBodySchema } from '#lib/contracts/audit.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { makeBundle } from '#lib/server/audit/make-bundle.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';

export type EvidenceOptions = { readonly session?: string; readonly call?: string; readonly since?: string };

/** What the options ask the evidence of; null without any, which means the whole log. */
export function evidenceOf({ session, call, since }: EvidenceOptions): unknown {
  if (call !== undefined) return { kind: 'call', callId: call };
  if (session !== undefined && since === undefined) return { kind: 'session', sessionId: session };
  if (since !== undefined) return { kind: 'view', filters: session === undefined ? { since } : { since, session } };
  return null;
}

/** Writes a bundle into a file that only its owner may read. */
export async function evidenceTo(host: Host, asked: unknown, file: string): Promise<Outcome> {
  const of = readOf(asked);
  if (of === null)
    return failed(EXIT.usage, 'usage', 'Give --call a UUID, --session the name of a session, --since a time.');
  const made = await makeBundle(host, host.actor, of);
  if (!made.ok) return refused(made.error);
  try {
    await writeFile(file, made.value.bytes, { mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it broke off';
    return failed(EXIT.refused, 'not-written', toVisible(`${file} could not be written (${why}).`));
  }
  return done({ file, entries: made.value.entries, key: host.keys.logSigning.vkey }, [
    toVisible(`Wrote ${made.value.entries} entries with their proofs into ${file}.`),
    toVisible(`Anybody can check it: npx countersign verify ${file} --key log.pub`),
    `log.pub is ${host.dataDir}/keys/log.pub; hand it out apart from the bundle.`,
  ]);
}

function readOf(asked: unknown): BundleOf | null {
  const body = bundleBodySchema.safeParse({ of: asked });
  return body.success ? body.data.of : null;
}
