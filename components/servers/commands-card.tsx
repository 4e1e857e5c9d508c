'use client';

import { Card } from '#components/ui/card.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { problemOf } from '#lib/client/api.ts';
import { Proposal } from './commands-proposal.tsx';
import { ProposeCommand } from './commands-propose.tsx';
import { useProposals } from './commands-queries.ts';

/** Commands that wait for a second person. Not shown where the host lists no program and nothing waits. */
export function CommandsCard() {
  const { data, error, refetch } = useProposals();
  // Not known is not none: somebody may wait for a second person.
  if (data === undefined && error !== null) {
    return <ProblemNotice className="mt-4" problem={problemOf(error)} onRetry={() => void refetch()} />;
  }
  if (data === undefined || (data.items.length === 0 && data.programs.length === 0)) return null;
  return (
    <Card
      className="mt-4"
      title="Proposed commands"
      aside={data.items.length === 0 ? 'none waits' : `${data.items.length} wait`}
      flush
    >
      {data.items.length > 0 && (
        <ul>
          {data.items.map((proposal) => (
            <Proposal key={proposal.id} proposal={proposal} />
          ))}
        </ul>
      )}
      {data.programs.length > 0 && <ProposeCommand programs={data.programs} />}
    </Card>
  );
}
