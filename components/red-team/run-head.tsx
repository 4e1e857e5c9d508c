import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import type { RedTeamResultView, RedTeamRunView } from '#lib/contracts/red-team.ts';
import { percentOf, scoreOf } from '#lib/core/red-team/score.ts';
import { causeWords, LIGHT_WORDS, runBadge } from './words.ts';

type Props = { readonly run: RedTeamRunView; readonly results: readonly RedTeamResultView[] };

/** What a run says as a whole: its score, what changed since the one before, and what it was made against. */
export function RunHead({ run, results }: Props) {
  const badge = runBadge(run);
  const score = scoreOf(results);
  const percent = percentOf(score);
  const count = (...standings: readonly RedTeamResultView['standing'][]) =>
    results.filter(({ standing }) => standings.includes(standing)).length;
  const parts = [
    [count('regressed', 'open'), 'gets through', 'get through'],
    [count('unproven'), 'is unproven', 'are unproven'],
    [count('weak'), 'is weak', 'are weak'],
    [count('known-gap'), 'is a known gap', 'are known gaps'],
    [count('recovered'), 'holds again', 'hold again'],
  ] as const;
  const told = parts.flatMap(([n, one, many]) => (n === 0 ? [] : [`${n} ${n === 1 ? one : many}`]));
  return (
    <Card>
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-2">
        <p className="tabular font-semibold text-2xl tracking-tight">
          {percent === null ? 'Nothing played' : `${percent} %`}
        </p>
        <p className="tabular text-ink-2">{`${score.held} of ${plural(score.of, 'scenario')} held`}</p>
        <span className="ml-auto">
          <Badge tone={badge.tone}>{badge.text}</Badge>
        </span>
      </div>
      <p className="mt-1 text-pretty text-ink-2">
        {run.light !== null && `${LIGHT_WORDS[run.light].sentence} `}
        {told.length > 0 && `${told.join(', ')}.`}
      </p>
      {run.trouble !== null && (
        <Notice tone="warning" title="It was broken off" className="mt-3">
          {run.trouble} What was found until then stands below and says nothing about the rest.
        </Notice>
      )}
      {run.tripped === false && (
        <Notice tone="danger" title="The tripwire did not trip" className="mt-3">
          The run makes one deliberate failure, which must raise an incident and end it. It did not, so this run could
          not have noticed a real one either.
        </Notice>
      )}
      <p className="mt-2 flex flex-wrap gap-x-3 gap-y-1 text-ink-3 text-xs">
        <When at={run.finishedAt ?? run.askedAt} />
        <span>{causeWords(run)}</span>
        {run.build !== null && <span>{`version ${run.build}, rules ${run.policyVersion ?? 0}`}</span>}
      </p>
    </Card>
  );
}
