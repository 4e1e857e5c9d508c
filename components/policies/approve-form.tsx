'use client';

import { SecondPersonForm } from '#components/ui/second-person-form.tsx';
import { formatCountdown } from '#lib/client/time.ts';
import { useMe } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { PolicyDetail } from '#lib/contracts/policies.ts';
import { useApprove } from './use-policies.ts';

/** Why this person cannot approve now, as a sentence that counts down where waiting is all it takes; null = they can. */
function blockApprove(may: PolicyDetail['mayApprove'], now: number): string | null {
  if (may.at === null) return may.allowed ? null : may.sentence;
  const left = Date.parse(may.at) - now;
  return now === 0 || left > 0 ? `You can approve in ${formatCountdown(left)}.` : null;
}

/** The second person's yes to a loosening. */
export function ApproveForm({ policy }: { readonly policy: PolicyDetail }) {
  const now = useNow();
  const me = useMe();
  const approve = useApprove(policy.version, policy.contentHash);
  const alone = policy.mayApprove.at !== null && me.data?.separation === 'solo';
  return (
    <SecondPersonForm
      commit="Approve and publish"
      variant="primary"
      blocked={blockApprove(policy.mayApprove, now)}
      aloneSince={alone ? policy.proposedAt : null}
      write={approve}
    />
  );
}
