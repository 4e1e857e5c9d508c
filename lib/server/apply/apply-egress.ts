// Server-only.
import type { EgressEntryInput } from '#lib/contracts/servers.ts';
import { normaliseHost } from '#lib/core/egress/read-url.ts';
import { ok } from '#lib/core/result.ts';
import { addEgressEntryIn } from '../egress/add-entry.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import type { EgressInFile } from './config-file.ts';

/** An entry of the file as the use-case takes it; a plain date means the end of that day, UTC. */
export function entryInput(entry: EgressInFile): EgressEntryInput {
  const expires = entry.expires === undefined ? null : endOf(entry.expires);
  const { scheme, host, port, reason } = entry;
  return {
    scheme,
    host: normaliseHost(host),
    port,
    path: entry.path ?? '/',
    cidr: entry.cidr ?? null,
    reason,
    expires,
  };
}

function endOf(text: string): string {
  return text.includes('T') ? new Date(text).toISOString() : `${text}T23:59:59.000Z`;
}

/** Adds the destinations of the file and those that were confirmed. Entries that the file does not name stay. */
export async function applyEgress(run: ApplyRun, entries: readonly EgressInFile[]): Promise<Step> {
  const all = [
    ...entries.map((entry, index) => ({ path: ['egress', index], input: entryInput(entry) })),
    ...run.confirmedEgress.map((input) => ({ path: ['egress'], input })),
  ];
  for (const { path, input } of all) {
    if (await isThere(run, input)) continue;
    const added = await addEgressEntryIn(run.write, input);
    if (!added.ok) return at(path, added.error);
    const name = `${input.scheme}://${input.host}:${input.port}${input.path}`;
    run.changes.push({ kind: 'add', what: 'egress', name, fields: [] });
  }
  return ok(null);
}

/** Asked before the entry is judged: one that has run out since is still the same entry, and no change. */
async function isThere(run: ApplyRun, input: EgressEntryInput): Promise<boolean> {
  const { scheme, host, port, cidr } = input;
  const same = await run.write.tx.egressEntry.findFirst({
    where: {
      scheme,
      host,
      port,
      cidr,
      pathPrefix: input.path,
      expiresAt: input.expires === null ? null : new Date(input.expires),
      revokedAt: null,
    },
  });
  return same !== null;
}
