import type { Metadata } from 'next';
import { BreakGlassCard } from '#components/break-glass/break-glass-card.tsx';
import { DelegationsCard } from '#components/delegations/delegations-card.tsx';
import { ObserveCard } from '#components/observe/observe-card.tsx';
import { Page as Frame } from '#components/ui/page.tsx';

export const metadata: Metadata = { title: 'Exceptions' };

export default function Page() {
  return (
    <Frame
      title="Exceptions"
      intro="Everything that puts a rule aside for a while: each has a reason, an end, and somebody who answers for it."
    >
      <div className="grid gap-4">
        <ObserveCard />
        <BreakGlassCard />
        <DelegationsCard />
      </div>
    </Frame>
  );
}
