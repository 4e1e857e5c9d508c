'use client';

import { useState } from 'react';
import type { ApiResult } from '#lib/client/api.ts';
import { askPasskey, type PasskeyAnswer } from '#lib/client/passkey.ts';
import type { Decision, VoteChoice } from './use-vote.ts';

/** What of a vote the passkey signs. */
type Signed = Pick<VoteChoice, 'forPersonId' | 'breakGlass'> & {
  readonly decision: Decision;
  readonly digest: string;
};

/**
 * The passkey over one vote, where the rule asks for it. `assert` prompts and resolves with what belongs into the vote's
 * `assertion`, or with the refusal to show; a closed prompt is one, and then nothing may be sent.
 * The digest is the one on the screen: it is hashed into the challenge, so the signature is worth nothing for another call.
 */
export function useStepUp(requestId: string): {
  readonly busy: boolean;
  readonly assert: (vote: Signed) => Promise<ApiResult<PasskeyAnswer>>;
} {
  const [busy, setBusy] = useState(false);
  return {
    busy,
    assert: async ({ decision, digest, forPersonId, breakGlass }) => {
      setBusy(true);
      const answer = await askPasskey(`/api/v1/approvals/${encodeURIComponent(requestId)}/challenge`, {
        decision,
        digest,
        ...(forPersonId === null ? {} : { forPersonId }),
        ...(breakGlass ? { breakGlass: true } : {}),
      });
      setBusy(false);
      return answer;
    },
  };
}
