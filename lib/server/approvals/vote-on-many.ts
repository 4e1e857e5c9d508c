// Server-only.
import type { z } from 'zod';
import type { batchAnswerSchema, batchBodySchema } from '#lib/contracts/approvals.ts';
import { PROBLEMS } from '#lib/contracts/problems.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { AnswerRefusal } from './answer-once.ts';
import { decideVote, type VoteDeps } from './cast-vote.ts';

type BatchBody = z.infer<typeof batchBodySchema>;
type BatchAnswer = z.infer<typeof batchAnswerSchema>;

const MOST_APPROVALS = 20;

/**
 * Votes on an explicit list, each item by itself: bound to the digest that was on the screen, in a transaction of its own,
 * with its own answer. An item that changed meanwhile fails alone, and what arrived meanwhile is not in the list (T17).
 *
 * Approving many at once is for calls of one tool, medium at most, without a passkey, twenty at most: what people no longer
 * look at one by one is no longer approved by people. Denying has no such limits.
 */
export async function voteOnMany(
  deps: VoteDeps,
  principal: HumanPrincipal,
  body: BatchBody,
): Promise<Result<BatchAnswer, AnswerRefusal>> {
  const ids = [...new Set(body.items.map((item) => item.id))];
  if (ids.length < body.items.length)
    return err({ code: 'invalid-request', detail: 'items: an id stands there twice' });
  if (body.decision === 'approve') {
    if (ids.length > MOST_APPROVALS) {
      return err({ code: 'invalid-request', detail: `items: at most ${MOST_APPROVALS} are approved at once` });
    }
    const tools = await deps.prisma.approvalRequest.findMany({
      where: { id: { in: ids } },
      distinct: ['serverId', 'toolName'],
      select: { id: true },
    });
    if (tools.length > 1) return err({ code: 'invalid-request', detail: 'items: calls of one tool only' });
  }
  const items: BatchAnswer['items'] = [];
  for (const { id, digest } of body.items) {
    const { decision, reason } = body;
    const vote = { requestId: id, digest, decision, ...(reason === undefined ? {} : { reason }) };
    const verdict = await decideVote(deps, principal, vote, 'batch');
    switch (verdict.kind) {
      case 'voted':
        items.push({ id, outcome: verdict.outcome, code: null, sentence: null });
        break;
      case 'refused': {
        const { code, detail } = verdict.refusal;
        items.push({ id, outcome: 'refused', code, sentence: detail ?? PROBLEMS[code].title });
      }
    }
  }
  return ok({ items });
}
