'use client';

import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { When } from '#components/ui/when.tsx';
import type { Calibration, PlantView } from '#lib/contracts/calibration.ts';
import { dwellWords, shareWords, worthWords } from './share-words.ts';

const OUTCOMES = {
  caught: { tone: 'good', text: 'Caught' },
  missed: { tone: 'danger', text: 'Missed' },
  expired: { tone: 'warning', text: 'Nobody decided' },
  void: { tone: 'plain', text: 'Says nothing' },
} as const;

/** The plants that were judged, newest first, with what gave each away. */
export function PlantsCard({ data }: { readonly data: Calibration }) {
  const { plants, overall } = data;
  return (
    <Card
      title="Planted requests"
      aside={overall.of === 0 ? undefined : <span>{`${shareWords(overall)} caught: ${worthWords(overall)}`}</span>}
      flush
    >
      {plants.length === 0 ? (
        <EmptyState title="None was decided yet">
          Once people have decided a planted request it stands here with what they did and what gave it away.
        </EmptyState>
      ) : (
        <ol>
          {plants.map((plant) => (
            <PlantItem key={plant.id} plant={plant} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function PlantItem({ plant }: { readonly plant: PlantView }) {
  const { tone, text } = OUTCOMES[plant.outcome];
  return (
    <li className="grid gap-1.5 border-b px-3.5 py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={tone}>{text}</Badge>
        <span className="font-semibold">{plant.pattern.replaceAll('-', ' ')}</span>
        <span className="ml-auto text-ink-3 text-xs">
          <When at={plant.judgedAt} />
        </span>
      </div>
      <p className="max-w-[72ch] text-ink-2">{plant.voidBecause ?? plant.why}</p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {plant.votes.map((vote) => (
          <span key={vote.personId} className="text-ink-2">
            <SafeText text={vote.name} /> {vote.caught ? 'denied' : 'approved'}
            {vote.dwellS === null ? ', never opened it' : ` after ${dwellWords(vote.dwellS)}`}
          </span>
        ))}
        {plant.requestId !== null && (
          <Link href={`/approvals/${plant.requestId}`} className="link">
            The request
          </Link>
        )}
      </p>
    </li>
  );
}
