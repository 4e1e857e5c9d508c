'use client';

import { BarTable } from '#components/charts/bar-table.tsx';
import { ChartCard } from '#components/charts/chart-card.tsx';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { formatCount, plural } from '#lib/client/format.ts';
import type { Statistics } from '#lib/contracts/overview.ts';
import type { StatisticsQuery } from './use-statistics.ts';

/** `4 min`, `1 h 20 min`, `under 1 min`: people's time, which nobody measures by the second. */
function minutesWords(minutes: number): string {
  if (minutes === 0) return '0 min';
  if (minutes < 1) return 'under 1 min';
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  return whole % 60 === 0
    ? `${formatCount(whole / 60)} h`
    : `${formatCount(Math.floor(whole / 60))} h ${whole % 60} min`;
}

/** Votes by person, with the time they gave where the reader may see it. */
export function ReviewersChart({ query }: { readonly query: StatisticsQuery }) {
  return (
    <ChartCard
      title="Votes and time, by reviewer"
      file="reviewers"
      query={query}
      drawn="table"
      empty={({ reviewers }) => (reviewers.length === 0 ? 'Nobody voted in this time.' : null)}
      numbers={({ reviewers }) => ({
        header: ['Reviewer', 'Approved', 'Denied', 'Minutes'],
        rows: reviewers.map((one) => [
          one.name,
          one.approved,
          one.denied,
          one.minutes === null ? null : Math.round(one.minutes * 10) / 10,
        ]),
      })}
    >
      {({ reviewers, minutes }) => (
        <>
          <BarTable
            caption="Votes and time, by reviewer"
            nameHeading="Reviewer"
            headings={['Approved', 'Denied', 'Time']}
            rows={reviewers.map((one) => ({
              key: one.personId,
              name: <SafeText text={one.name} className="block truncate" />,
              parts: [
                { look: 'solid', count: one.approved },
                { look: 'hollow', count: one.denied },
              ],
              extra: one.minutes === null ? '\u2013' : minutesWords(one.minutes),
            }))}
          />
          <TimeNote minutes={minutes} />
        </>
      )}
    </ChartCard>
  );
}

/** What the sum is, and how it is measured: a number about people that does not say how is a rumour. */
function TimeNote({ minutes }: { readonly minutes: Statistics['minutes'] }) {
  return (
    <div className="mt-2.5 border-t pt-2 text-ink-3 text-xs">
      <p className="text-ink-2">
        {minutes === null ? (
          'One other person voted: the sum is for them, security and admins'
        ) : (
          <>
            <b className="font-semibold text-ink">{minutesWords(minutes.total)}</b> of reviewers’ time in all
          </>
        )}
      </p>
      <p>
        From the first time somebody opened a request to their vote, on the database’s clock, each at most 15 minutes.{' '}
        {minutes !== null && `${plural(minutes.measured, 'vote')} measured`}
        {minutes !== null && minutes.unopened > 0 && `, ${minutes.unopened} cast from the list without opening`}
        {minutes !== null && '. '}A dash: only that person, security and admins see it.
      </p>
    </div>
  );
}

/** What people decided about, by tool. */
export function ToolsChart({ query }: { readonly query: StatisticsQuery }) {
  return (
    <ChartCard
      title="Decisions, by tool"
      file="tools"
      query={query}
      drawn="table"
      empty={({ tools }) => (tools.length === 0 ? 'Nobody had to decide in this time.' : null)}
      numbers={({ tools }) => ({
        header: ['Server', 'Tool', 'Approved', 'Denied'],
        rows: tools.map((one) => [one.server, one.tool, one.approved, one.denied]),
      })}
    >
      {({ tools, moreTools }) => (
        <>
          <BarTable
            caption="Decisions, by tool"
            nameHeading="Tool"
            headings={['Approved', 'Denied']}
            rows={tools.map((one) => ({
              key: `${one.server} ${one.tool}`,
              name: (
                <>
                  <SafeText text={one.tool} className="block truncate" />
                  <SafeText text={one.server} className="block truncate text-ink-3 text-xs" />
                </>
              ),
              parts: [
                { look: 'solid', count: one.approved },
                { look: 'hollow', count: one.denied },
              ],
            }))}
          />
          {moreTools > 0 && <p className="mt-2 text-ink-3 text-xs">{`and ${plural(moreTools, 'tool')} more`}</p>}
        </>
      )}
    </ChartCard>
  );
}
