import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { When } from '#components/ui/when.tsx';
import { decide } from '#lib/core/policies/decide.ts';
import type { Decision, Rule } from '#lib/core/policies/rule.ts';
import { TIERS } from '#lib/core/risk/types.ts';
import { defaultSentence, thenSentence, whenSentence } from './rule-sentence.ts';

type Published = {
  readonly version: number;
  readonly publishedAt: string;
  readonly note: string;
  readonly rules: readonly Rule[];
};

const WORDS: Readonly<Record<Decision, { readonly word: string; readonly tone: BadgeTone }>> = {
  allow: { word: 'Allow', tone: 'good' },
  hold: { word: 'Hold', tone: 'warning' },
  deny: { word: 'Deny', tone: 'danger' },
};

/** What happens to a call, as sentences: first what each tier does by itself, then the rules on top. */
export function PoliciesPage({ policy }: { readonly policy: Published | null }) {
  return (
    <Page
      title="Policies"
      intro="Deny beats hold, hold beats allow. A rule can make a tier stricter; it cannot free what the tier holds."
    >
      <div className="grid gap-4">
        <TierDefaults />
        <Card
          title="Rules"
          flush
          aside={
            policy !== null && (
              <>
                {`Version ${policy.version}, published `}
                <When at={policy.publishedAt} />
              </>
            )
          }
        >
          {policy === null || policy.rules.length === 0 ? (
            <EmptyState title="No rule is published" className="py-8">
              Only the tiers decide. Write rules into <code>countersign.yaml</code> under <code>policies</code>, then
              run
              <code className="mt-2 block rounded-md border bg-sunken px-2.5 py-1.5 text-ink text-xs">
                npx countersign apply -f countersign.yaml
              </code>
            </EmptyState>
          ) : (
            <ol>
              {policy.rules.map((rule) => (
                <li key={rule.name} className="grid gap-1 border-b px-3.5 py-2.5 last:border-b-0">
                  <p className="flex flex-wrap items-center gap-2">
                    <Badge tone={WORDS[rule.then].tone}>{WORDS[rule.then].word}</Badge>
                    <span className="font-semibold">{rule.name}</span>
                  </p>
                  <p className="text-ink-2 [overflow-wrap:anywhere]">{`${whenSentence(rule.when)} ${thenSentence(rule)}.`}</p>
                </li>
              ))}
            </ol>
          )}
        </Card>
      </div>
    </Page>
  );
}

function TierDefaults() {
  return (
    <Card title="What each tier does" flush aside="when no rule is stricter">
      <ul>
        {TIERS.toReversed().map((tier) => {
          const call = { agent: '', server: '', tool: '', tier, actionClass: 'other' } as const;
          return (
            <li key={tier} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3.5 py-2.5">
              <span className="w-20">
                <TierBadge tier={tier} />
              </span>
              <span className="min-w-0 flex-1 basis-64 text-ink-2">{`Calls ${defaultSentence(decide({ rules: [], call }))}.`}</span>
            </li>
          );
        })}
        <li className="px-3.5 py-2.5 text-ink-2">
          An unknown server, tool or agent, a definition that nobody accepted, and any failed check: refused. Nobody
          decides in time: refused.
        </li>
      </ul>
    </Card>
  );
}
