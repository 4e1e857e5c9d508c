'use client';

import type { ReactNode } from 'react';
import { CsvButton } from '#components/charts/csv-button.tsx';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { Calibration, CalibrationFigures } from '#lib/contracts/calibration.ts';
import { Nudge } from './nudge.tsx';
import { ShareMeter } from './share-meter.tsx';
import { dwellWords } from './share-words.ts';

const HEADER = [
  'Reviewer',
  'Approved',
  'Denied',
  'Median s',
  'Measured',
  'Unopened',
  'Overturned',
  'Plants caught',
  'Plants',
];
const cellsOf = (one: CalibrationFigures) => [
  one.name,
  one.approved,
  one.denied,
  one.medianDwellS === null ? null : Math.round(one.medianDwellS * 10) / 10,
  one.measured,
  one.unopened,
  one.overturned.hits,
  one.plants.hits,
  one.plants.of,
];

/** How each reviewer decides. */
export function PeopleCard({ data }: { readonly data: Calibration }) {
  const { people, days } = data;
  const numbers = () => ({ header: HEADER, rows: people.map(cellsOf) });
  return (
    <Card
      title={`Reviewers, last ${days} days`}
      aside={people.length === 0 ? undefined : <CsvButton name="calibration" numbers={numbers} />}
      flush
    >
      {people.length === 0 ? (
        <EmptyState title="Nobody holds the role reviewer">
          Invite somebody under People; their figures will stand here.
        </EmptyState>
      ) : (
        <>
          {people
            .filter(({ nudge }) => nudge)
            .map((one) => (
              <div key={one.personId} className="border-b p-3.5">
                <Nudge figures={one} own={false} />
              </div>
            ))}
          <Table caption="How reviewers decide" reflow>
            <thead>
              <tr>
                {['Reviewer', 'Approved', 'Time before a vote', 'Overturned', 'Plants caught'].map((name) => (
                  <Th key={name}>{name}</Th>
                ))}
              </tr>
            </thead>
            <tbody>
              {people.map((one) => (
                <PersonRow key={one.personId} one={one} />
              ))}
            </tbody>
          </Table>
          <p className="border-t px-3.5 py-2.5 text-ink-3 text-xs">
            Time is from when somebody first opened a request to their vote, on the database’s clock; a vote cast from
            the list without opening has none. Overturned: approved, and then denied or vetoed by a colleague, or the
            call failed. Each of them sees their own line.
          </p>
        </>
      )}
    </Card>
  );
}

/** Two figures beside each other on a phone, their headings on one line. */
const HALF = 'max-sm:basis-[calc(50%-0.375rem)] max-sm:self-start';

function PersonRow({ one }: { readonly one: CalibrationFigures }) {
  return (
    <Tr>
      <Td>
        <SafeText text={one.name} className="font-semibold" />
        {one.nudge && (
          <Badge tone="warning" className="ml-2">
            fast
          </Badge>
        )}
        <span className="block text-ink-3 text-xs">{`${one.approved} approved, ${one.denied} denied`}</span>
      </Td>
      <Td className={HALF}>
        <Labelled name="Approved">
          <ShareMeter share={one.approveRate} />
        </Labelled>
      </Td>
      <Td className={HALF}>
        <Labelled name="Time before a vote">
          <span className="tabular font-semibold">{dwellWords(one.medianDwellS)}</span>
          <span className="block text-ink-3 text-xs">
            {one.measured === 0 ? 'none measured' : `the middle of ${one.measured}`}
            {one.unopened > 0 && `; ${one.unopened} never opened`}
          </span>
        </Labelled>
      </Td>
      <Td className={HALF}>
        <Labelled name="Overturned">
          <ShareMeter share={one.overturned} />
        </Labelled>
      </Td>
      <Td className={HALF}>
        <Labelled name="Plants caught">
          <ShareMeter share={one.plants} />
        </Labelled>
      </Td>
    </Tr>
  );
}

/** The column's heading inside the cell, where the rows are cards on a phone. */
function Labelled({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <span aria-hidden="true" className="block text-ink-3 text-xs sm:hidden">
        {name}
      </span>
      {children}
    </>
  );
}
