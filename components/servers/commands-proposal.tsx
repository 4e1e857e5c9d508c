'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { SecondPersonForm } from '#components/ui/second-person-form.tsx';
import { When } from '#components/ui/when.tsx';
import { formatCountdown } from '#lib/client/time.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { CommandProposal } from '#lib/contracts/commands.ts';
import { Argv } from './commands-argv.tsx';
import { useApproveCommand, useWithdrawCommand } from './commands-queries.ts';

/** One proposed command: its arguments beside those that stand under the name now, and the second person's word. */
export function Proposal({ proposal }: { readonly proposal: CommandProposal }) {
  const { name, argv, argvBefore, servers } = proposal;
  return (
    <li className="grid gap-2.5 border-t px-3.5 py-3 first:border-t-0">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <SafeText text={name} className="font-semibold" />
        <span className="text-ink-2">
          proposed by <SafeText text={proposal.proposedBy} /> <When at={proposal.proposedAt} />:{' '}
          <SafeText text={proposal.reason} />
        </span>
      </p>
      <div className="grid gap-2.5 lg:grid-cols-2">
        {argvBefore !== null && (
          <div className="grid content-start gap-1">
            <p className="text-ink-3 text-xs">Now</p>
            <Argv argv={argvBefore} other={argv} label={`Arguments of ${name} now`} />
          </div>
        )}
        <div className="grid content-start gap-1">
          <p className="text-ink-3 text-xs">{argvBefore === null ? 'Would run' : 'Would run instead'}</p>
          <Argv argv={argv} other={argvBefore} label={`Proposed arguments of ${name}`} />
        </div>
      </div>
      {servers.length > 0 && (
        <p className="text-ink-2">
          Every accepted tool of {servers.join(', ')} has to be accepted again: another command is another server.
        </p>
      )}
      <Decide proposal={proposal} />
    </li>
  );
}

function Decide({ proposal }: { readonly proposal: CommandProposal }) {
  const now = useNow();
  const roleBar = useRoleBar('admin', 'security');
  const approve = useApproveCommand(proposal.id);
  const withdraw = useWithdrawCommand(proposal.id);
  const { proposedByMe, aloneFrom } = proposal;
  const alone = aloneFrom !== null;
  const leftMs = aloneFrom === null ? 0 : Date.parse(aloneFrom) - now;
  const blocked =
    roleBar ??
    (proposedByMe && !alone
      ? 'You proposed it: another person of admin or security approves.'
      : alone && (now === 0 || leftMs > 0)
        ? `You can approve in ${formatCountdown(leftMs)}.`
        : null);
  return (
    <>
      <SecondPersonForm
        commit="Approve this program"
        variant="danger"
        blocked={blocked}
        aloneSince={alone ? proposal.proposedAt : null}
        write={approve}
      >
        <Button busy={withdraw.busy} disabledReason={roleBar} onClick={() => void withdraw.run(undefined)}>
          Give it up
        </Button>
      </SecondPersonForm>
      {withdraw.problem !== null && <ProblemNotice problem={withdraw.problem} />}
    </>
  );
}
