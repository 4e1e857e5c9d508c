'use client';

import Link from 'next/link';
import { Badge } from '#components/ui/badge.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import type { RedTeamGapView, RedTeamResultView } from '#lib/contracts/red-team.ts';
import type { Scenario, Want } from '#lib/core/red-team/scenario.ts';
import { AcceptGap } from './accept-gap.tsx';
import { cameWords, expectedWords, STANDING_WORDS, VERDICT_WORDS } from './words.ts';

type Observed = RedTeamResultView['observed'][number];
type Props = {
  readonly scenario: Scenario;
  readonly result: RedTeamResultView;
  readonly gap: RedTeamGapView | null;
  readonly onClose: () => void;
};

/** A scenario as it was played: what was sent, what had to come, what came, and where the log says so. */
export function ReplayDialog({ scenario, result, gap, onClose }: Props) {
  const { tone, text, sentence } = STANDING_WORDS[result.standing];
  const isOpen = result.verdict === 'fail' || result.verdict === 'weak';
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={scenario.title} description={scenario.why} width="lg">
        <div className="grid gap-4">
          <div className="grid gap-1.5">
            <span>
              <Badge tone={tone}>{text}</Badge>
            </span>
            <p className="text-ink-2">{sentence}</p>
          </div>
          <ol className="grid gap-2">
            {scenario.wants.map((want, at) => (
              <Attempt key={want.sent} want={want} seen={result.observed[at]} />
            ))}
          </ol>
          <Facts className="border-t pt-3 text-xs">
            <Fact name="Guardrail">{scenario.guard}</Fact>
            <Fact name="Severity">{scenario.severity}</Fact>
            <Fact name="Verdict">{VERDICT_WORDS[result.verdict]}</Fact>
            <Fact name="Took">
              <span className="tabular">{`${result.durationMs} ms`}</span>
            </Fact>
          </Facts>
          {(isOpen || gap !== null) && <AcceptGap scenario={scenario.id} gap={gap} />}
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Attempt({ want, seen }: { readonly want: Want; readonly seen: Observed | undefined }) {
  return (
    <li className="grid gap-1 rounded-md border px-3 py-2">
      <span className="font-semibold [overflow-wrap:anywhere]">{want.sent}</span>
      <span className="text-ink-3 text-xs">Expected: {expectedWords(want.effect, want.codes)}</span>
      <span className="flex flex-wrap gap-x-3 text-xs">
        <span>Came: {seen === undefined ? 'it was not sent' : cameWords(seen)}</span>
        {seen?.callId != null && (
          <Link href={`/audit?call=${seen.callId}`} className="link target">
            In the log<span className="sr-only">: {want.sent}</span>
          </Link>
        )}
      </span>
    </li>
  );
}
