import { BarTable } from '#components/charts/bar-table.tsx';
import { CsvButton } from '#components/charts/csv-button.tsx';
import { Card } from '#components/ui/card.tsx';
import type { RedTeamResultView } from '#lib/contracts/red-team.ts';
import { FAMILY_WORDS } from '#lib/core/red-team/scenario.ts';
import { scoresByFamily } from '#lib/core/red-team/score.ts';

/** How many attacks of each family were held off. */
export function FamilyCard({ results }: { readonly results: readonly RedTeamResultView[] }) {
  const scores = scoresByFamily(results);
  const numbers = () => ({
    header: ['Family', 'Held', 'Of', 'Got through'],
    rows: scores.map(({ family, held, of, through }) => [FAMILY_WORDS[family], held, of, through]),
  });
  return (
    <Card title="Score by family" aside={<CsvButton name="red-team-families" numbers={numbers} />}>
      <BarTable
        caption="Score by family"
        nameHeading="Family"
        headings={['Held', 'Not']}
        rows={scores.map(({ family, held, of }) => ({
          key: family,
          name: FAMILY_WORDS[family],
          parts: [
            { look: 'solid', count: held },
            { look: 'hollow', count: of - held },
          ],
        }))}
      />
    </Card>
  );
}
