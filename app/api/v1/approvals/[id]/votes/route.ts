import { voteBodySchema } from '#lib/contracts/approvals.ts';
import { err } from '#lib/core/result.ts';
import { answerOnce } from '#lib/server/approvals/answer-once.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

// No role here: a vote by somebody who may not vote is refused inside, where the refusal is audited.
export const POST = humanRoute(
  { params: idParams, body: voteBodySchema },
  async ({ deps, principal, params, body, request }) => {
    const vote = () => castVote(deps, principal, { ...body, requestId: params.id });
    const key = request.headers.get('idempotency-key');
    if (key === null) return vote();
    if (!/^[\x21-\x7e]{1,200}$/.test(key))
      return err({ code: 'invalid-request', detail: 'Idempotency-Key: not valid' });
    const asked = JSON.stringify({ requestId: params.id, ...body, reason: body.reason ?? null });
    return answerOnce(deps, { actor: `person:${principal.id}`, key, request: asked }, vote);
  },
);
