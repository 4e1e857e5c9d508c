'use client';

import { useState } from 'react';
import { CsvButton } from '#components/charts/csv-button.tsx';
import { Card } from '#components/ui/card.tsx';
import type { RedTeamGapView, RedTeamResultView } from '#lib/contracts/red-team.ts';
import { CATALOGUE } from '#lib/core/red-team/catalogue.ts';
import { CONTROL_WORDS, CONTROLS, FAMILIES, FAMILY_WORDS, type Scenario } from '#lib/core/red-team/scenario.ts';
import { ReplayDialog } from './replay-dialog.tsx';
import { StandingMark } from './standing-mark.tsx';
import { STANDING_WORDS } from './words.ts';

type Props = { readonly results: readonly RedTeamResultView[]; readonly gaps: readonly RedTeamGapView[] };
type Row = { readonly scenario: Scenario; readonly result: RedTeamResultView };

/** Controls across, scenarios down: which guardrail each attack goes against, and whether it held. */
export function MapCard({ results, gaps }: Props) {
  const [shown, setShown] = useState<string | null>(null);
  const rows = rowsOf(results);
  const picked = rows.find(({ scenario }) => scenario.id === shown);
  return (
    <Card title="Controls and scenarios" aside={<CsvButton name="red-team" numbers={() => numbersOf(rows)} />} flush>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">Controls and scenarios of the red team</caption>
        <thead>
          <tr>
            <th scope="col" className="w-full border-b px-3.5 py-2 text-left font-medium text-ink-3 text-xs">
              Scenario
            </th>
            {CONTROLS.map((control) => (
              <th
                key={control}
                scope="col"
                title={CONTROL_WORDS[control]}
                className="tabular border-b px-0 py-2 text-center font-medium text-ink-3 text-xs last:pr-2 sm:px-1.5"
              >
                {control}
                <span className="sr-only">: {CONTROL_WORDS[control]}</span>
              </th>
            ))}
          </tr>
        </thead>
        {FAMILIES.map((family) => (
          <FamilyRows key={family} rows={rows.filter(({ scenario }) => scenario.family === family)} onShow={setShown} />
        ))}
      </table>
      <Legend />
      {picked !== undefined && (
        <ReplayDialog
          scenario={picked.scenario}
          result={picked.result}
          gap={gaps.find(({ scenario }) => scenario === picked.scenario.id) ?? null}
          onClose={() => setShown(null)}
        />
      )}
    </Card>
  );
}

function FamilyRows({ rows, onShow }: { readonly rows: readonly Row[]; readonly onShow: (id: string) => void }) {
  const [first] = rows;
  if (first === undefined) return null;
  return (
    <tbody>
      <tr>
        <th
          scope="rowgroup"
          colSpan={CONTROLS.length + 1}
          className="border-b bg-sunken px-3.5 py-1 text-left font-semibold text-ink-2 text-xs"
        >
          {FAMILY_WORDS[first.scenario.family]}
        </th>
      </tr>
      {rows.map(({ scenario, result }) => {
        const { text } = STANDING_WORDS[result.standing];
        return (
          <tr key={scenario.id} className="border-b last:border-b-0 hover:bg-sunken">
            <th scope="row" className="py-1 pr-1 pl-2 text-left font-normal">
              <button
                type="button"
                onClick={() => onShow(scenario.id)}
                className="min-h-6 w-full rounded-sm px-1.5 py-0.5 text-left hover:underline"
              >
                {scenario.title}
                {result.standing !== 'holds' && <span className="text-ink-3">{` · ${text}`}</span>}
                <span className="sr-only">{result.standing === 'holds' ? `: ${text}. Replay` : '. Replay'}</span>
              </button>
            </th>
            {CONTROLS.map((control) => (
              <td key={control} className="px-0 py-1 text-center last:pr-2 sm:px-1.5">
                {scenario.controls.includes(control) && (
                  <>
                    <StandingMark standing={result.standing} />
                    <span className="sr-only">{text}</span>
                  </>
                )}
              </td>
            ))}
          </tr>
        );
      })}
    </tbody>
  );
}

function Legend() {
  return (
    <div className="grid gap-2 border-t px-3.5 py-2.5 text-ink-3 text-xs">
      <p className="flex flex-wrap gap-x-3 gap-y-1">
        {CONTROLS.map((control) => (
          <span key={control} className="tabular">{`${control} ${CONTROL_WORDS[control]}`}</span>
        ))}
      </p>
      <p className="flex flex-wrap gap-x-3 gap-y-1">
        {(['holds', 'recovered', 'weak', 'known-gap', 'open', 'unproven'] as const).map((standing) => (
          <span key={standing} className="inline-flex items-center gap-1">
            <StandingMark standing={standing} />
            {STANDING_WORDS[standing].text}
          </span>
        ))}
      </p>
    </div>
  );
}

/** In the catalogue's order; what an older release played and this one does not know is left out. */
function rowsOf(results: readonly RedTeamResultView[]): readonly Row[] {
  return CATALOGUE.flatMap((scenario) => {
    const result = results.find((one) => one.scenario === scenario.id);
    return result === undefined ? [] : [{ scenario, result }];
  });
}

function numbersOf(rows: readonly Row[]) {
  return {
    header: ['Family', 'Scenario', 'Controls', 'Standing', 'Verdict', 'ms'],
    rows: rows.map(({ scenario, result }) => [
      FAMILY_WORDS[scenario.family],
      scenario.title,
      scenario.controls.join(' '),
      result.standing,
      result.verdict,
      result.durationMs,
    ]),
  };
}
