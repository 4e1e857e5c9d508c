import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';

/** What nobody sets: built in, the same everywhere. */
const KEPT = [
  ['Entries and checkpoints of the log', 'for ever; nothing erases them'],
  ['Votes and the terms of requests', 'for ever, as evidence'],
  ['Ended sessions of people', '90 days'],
  ['Used and ended one-time links', '30 days'],
  ['Destinations that agents went to', '30 days after the last time'],
  ['Closed MCP sessions', '7 days'],
  ['Answers kept for a repeated request', '1 day'],
  ['Challenges of passkeys', '1 day'],
] as const;

/** How long everything else is kept. */
export function KeptCard() {
  return (
    <Card title="Everything else">
      <Facts>
        {KEPT.map(([what, span]) => (
          <Fact key={what} name={what}>
            {span}
          </Fact>
        ))}
      </Facts>
      <p className="mt-3 text-ink-3 text-xs">
        Backups hold what was there when they were made: erase them on the same clock. PostgreSQL frees the pages of
        erased rows at its next vacuum.
      </p>
    </Card>
  );
}
