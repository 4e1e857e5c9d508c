import { CircleCheck, CircleHelp, CircleSlash, TriangleAlert } from 'lucide-react';
import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import type { PinState } from '#lib/contracts/servers.ts';

const LOOKS: Readonly<
  Record<PinState, { readonly word: string; readonly tone: BadgeTone; readonly Icon: typeof CircleCheck }>
> = {
  accepted: { word: 'Accepted', tone: 'good', Icon: CircleCheck },
  new: { word: 'New', tone: 'accent', Icon: CircleHelp },
  drifted: { word: 'Changed', tone: 'danger', Icon: TriangleAlert },
  missing: { word: 'Gone', tone: 'plain', Icon: CircleSlash },
};

/** Whether a tool's definition is the one somebody accepted. Only an accepted tool can be called. */
export function PinBadge({ state }: { readonly state: PinState }) {
  const { word, tone, Icon } = LOOKS[state];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden="true" />}>
      {word}
    </Badge>
  );
}
