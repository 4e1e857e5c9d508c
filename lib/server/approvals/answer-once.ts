// Server-only. The same request sent twice is carried out once and answered twice (Idempotency-Key).
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import { err, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import type { Keys } from '../keys/load-keys.ts';
import { open, seal } from '../keys/seal.ts';

/** A refusal with what stands beside it in the answer, such as the fresh record. */
export type AnswerRefusal = {
  readonly code: ProblemCode;
  readonly detail?: string | undefined;
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
};
export type OnceInput = {
  /** Who asks; keys of different people never meet. */
  readonly actor: string;
  readonly key: string;
  /** What is asked, as a canonical text: the same key with another text is a mistake of the client. */
  readonly request: string;
};

/** An attempt that has not answered for this long died with its process; the next one may take over. */
const ABANDONED_AFTER_S = 60;
const storedSchema = z.object({ sealed: z.string() });
const codeSchema = z.custom<ProblemCode>((value) => typeof value === 'string' && Object.hasOwn(PROBLEMS, value));
const answerSchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: codeSchema,
      detail: z.string().optional(),
      extra: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);

/**
 * Runs `work` unless this actor's key has been answered already; then gives that very answer again.
 * Refuses another request under the same key, and a second attempt while the first still runs. The stored answer is
 * sealed, because it holds a call's arguments. When `work` throws, the key is free again.
 */
export async function answerOnce(
  deps: { readonly prisma: Database; readonly keys: Keys },
  input: OnceInput,
  work: () => Promise<Result<unknown, AnswerRefusal>>,
): Promise<Result<unknown, AnswerRefusal>> {
  const requestHash = createHash('sha256').update(input.request).digest('hex');
  const aad = `idempotency:${input.actor}:${input.key}`;
  if (!(await begin(deps.prisma, input, requestHash))) return replay(deps, input, requestHash, aad);
  try {
    const answer = await work();
    const sealed = seal(deps.keys.masterKey, JSON.stringify(answer), aad).toString('base64');
    await deps.prisma.$executeRaw`
      UPDATE idempotency_keys SET status = ${answer.ok ? 200 : PROBLEMS[answer.error.code].status},
        response = ${JSON.stringify({ sealed })}::jsonb
      WHERE actor = ${input.actor} AND key = ${input.key}`;
    return answer;
  } catch (error) {
    await deps.prisma.$executeRaw`
      DELETE FROM idempotency_keys WHERE actor = ${input.actor} AND key = ${input.key} AND status IS NULL`;
    throw error;
  }
}

async function begin(prisma: Database, input: OnceInput, requestHash: string): Promise<boolean> {
  const written = await prisma.$executeRaw`
    INSERT INTO idempotency_keys AS k (actor, key, request_hash, created_at)
    VALUES (${input.actor}, ${input.key}, ${requestHash}, clock_timestamp())
    ON CONFLICT (actor, key) DO UPDATE SET created_at = clock_timestamp()
      WHERE k.status IS NULL AND k.request_hash = ${requestHash}
        AND k.created_at < clock_timestamp() - make_interval(secs => ${ABANDONED_AFTER_S})`;
  return written === 1;
}

async function replay(
  deps: { readonly prisma: Database; readonly keys: Keys },
  input: OnceInput,
  requestHash: string,
  aad: string,
): Promise<Result<unknown, AnswerRefusal>> {
  const row = await deps.prisma.idempotencyKey.findUnique({
    where: { actor_key: { actor: input.actor, key: input.key } },
  });
  if (row !== null && row.requestHash !== requestHash) return err({ code: 'idempotency-mismatch' });
  const stored = storedSchema.safeParse(row?.response);
  if (row?.status == null || !stored.success) return err({ code: 'idempotency-in-flight' });
  const text = open(deps.keys.masterKey, Buffer.from(stored.data.sealed, 'base64'), aad).toString('utf8');
  return answerSchema.parse(JSON.parse(text));
}
