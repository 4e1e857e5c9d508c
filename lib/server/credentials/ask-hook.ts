// Server-only. The rotation hook: whoever knows how to make the next secret delivers it.
import { z } from 'zod';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { createEgress } from '../egress/connector.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import { createAttemptBook } from '../egress/record-attempt.ts';
import type { Keys } from '../keys/load-keys.ts';
import { signHook } from './hook-signature.ts';
import { postOnce } from './post-once.ts';
import { runHookCommand } from './run-hook-command.ts';

export const hookSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), url: z.url() }),
  z.object({ kind: z.literal('command'), argv: z.array(z.string()).min(1) }),
]);
export type Hook = z.infer<typeof hookSchema>;

const answerSchema = z.object({ secret: z.string().min(8).max(32_768) });

export type HookQuestion = {
  readonly credentialId: string;
  readonly credential: string;
  readonly server: string;
  /** The version that is asked for: a question that is asked again after a crash is the same question. */
  readonly version: number;
  readonly at: Date;
};

/**
 * Asks for the next secret. A webhook is signed (Standard Webhooks), goes through the allowlist and follows no redirect; a
 * command is one that the host's configuration names, without a shell and without our environment. Neither is told the
 * current secret. The refusal's sentence quotes nothing of the answer.
 */
export async function askHook(
  deps: { readonly prisma: Database; readonly keys: Pick<Keys, 'masterKey'> },
  hook: Hook,
  question: HookQuestion,
): Promise<Result<string, string>> {
  const { credentialId, credential, server, version, at } = question;
  const timestamp = at.toISOString();
  const body = JSON.stringify({ type: 'credential.rotation-due', timestamp, data: { credential, server, version } });
  const answered = hook.kind === 'command' ? await runHookCommand(hook.argv, body) : await deliver(hook.url);
  if (!answered.ok) return answered;
  const read = answerSchema.safeParse(readJson(answered.value));
  return read.success ? ok(read.data.secret) : err('The hook’s answer holds no secret: {"secret": "…"} is expected.');

  async function deliver(url: string): Promise<Result<string, string>> {
    const entries = await loadEntries(deps.prisma);
    const attempts = createAttemptBook(deps);
    const egress = createEgress({ entries: () => entries, connections: 1, note: attempts.note });
    try {
      const id = `rot_${credentialId}_${version}`;
      const signed = signHook(deps.keys, { credentialId, id, atS: Math.floor(at.getTime() / 1000), body });
      const answer = await postOnce(egress, url, { headers: { 'content-type': 'application/json', ...signed }, body });
      if (!answer.ok) return err(`The webhook: ${answer.error}`);
      return answer.value.status === 200 ? ok(answer.value.text) : err(`The webhook answered ${answer.value.status}.`);
    } finally {
      await egress.close();
      await attempts.close();
    }
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
