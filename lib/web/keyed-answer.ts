import 'server-only';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, type Result } from '#lib/core/result.ts';
import { type AnswerRefusal, answerOnce } from '#lib/server/approvals/answer-once.ts';
import type { WebDeps } from './deps.ts';

/**
 * Runs the work once per Idempotency-Key of a person, and answers a repetition with the first answer; without a key it runs
 * each time. `asked` is everything that was asked for: the same key with something else is refused.
 */
export async function keyedAnswer<T>(
  deps: WebDeps,
  principal: HumanPrincipal,
  request: Request,
  asked: unknown,
  work: () => Promise<Result<T, AnswerRefusal>>,
): Promise<Result<unknown, AnswerRefusal>> {
  const key = request.headers.get('idempotency-key');
  if (key === null) return work();
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) return err({ code: 'invalid-request', detail: 'Idempotency-Key: not valid' });
  return answerOnce(deps, { actor: `person:${principal.id}`, key, request: JSON.stringify(asked) }, work);
}
