'use client';

import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { formatCountdown } from '#lib/client/time.ts';
import { useBreakGlass } from '#lib/client/use-exceptions.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import type { Decision } from './use-vote.ts';

type VoteOptionsProps = {
  readonly record: ApprovalDetail;
  readonly decision: Decision;
  readonly forPersonId: string | null;
  readonly onForPersonId: (id: string | null) => void;
  readonly breakGlass: boolean;
  readonly onBreakGlass: (on: boolean) => void;
};

/** In whose place the vote is, and whether it decides alone. Shown only to those who have the choice. */
export function VoteOptions(props: VoteOptionsProps) {
  const { record, decision, forPersonId, onForPersonId } = props;
  return (
    <div className="mt-2.5 flex flex-wrap items-end gap-x-5 gap-y-2.5 empty:hidden">
      {record.mayVoteFor.length > 0 && (
        <div className="basis-60">
          <Field label="Whose vote is it?">
            <Select
              value={forPersonId ?? ''}
              onChange={(event) => onForPersonId(event.target.value === '' ? null : event.target.value)}
            >
              <option value="">My own</option>
              {record.mayVoteFor.map((person) => (
                <option key={person.id} value={person.id}>
                  In the place of {person.name}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      )}
      {decision === 'approve' && forPersonId === null && <BreakGlassOption {...props} />}
    </div>
  );
}

function BreakGlassOption({ breakGlass, onBreakGlass }: VoteOptionsProps) {
  const now = useNow();
  const mine = useBreakGlass().data?.sessions.find((session) => session.mine && session.active);
  const leftMs = mine === undefined ? 0 : Date.parse(mine.endsAt) - now;
  if (mine === undefined || now === 0 || leftMs <= 0) return null;
  return (
    <Checkbox
      checked={breakGlass}
      onCheckedChange={(on) => onBreakGlass(on === true)}
      label={`Decide alone, under break-glass (${mine.ticket})`}
      hint={`Needs your passkey, goes into the review. The session ends in ${formatCountdown(leftMs)}.`}
    />
  );
}
