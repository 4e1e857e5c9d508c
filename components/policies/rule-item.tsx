'use client';

import { Badge } from '#components/ui/badge.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { plural } from '#lib/client/format.ts';
import { formatAbsolute, formatRelative } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { thenSentence, whenSentence } from '#lib/core/policies/sentence.ts';
import { rulesAsYaml } from './rule-text.ts';

/** What a rule in observe would have done lately. */
export type Observed = { readonly wouldHold: number; readonly wouldDeny: number };

/** One rule: its name, the whole of it as a sentence, and the exact definition on demand. */
export function RuleItem({ rule, observed }: { readonly rule: Rule; readonly observed?: Observed | undefined }) {
  return (
    <div className="grid gap-1.5">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-semibold">{rule.name}</span>
        <ObserveBadge rule={rule} />
        {rule.frees === true && <Badge tone="danger">Frees what the tier holds</Badge>}
      </p>
      <RuleSentence rule={rule} />
      {rule.mode === 'observe' && observed !== undefined && (
        <p className="text-ink-3 text-xs">
          {`Would have held ${plural(observed.wouldHold, 'call')} and denied ${plural(observed.wouldDeny, 'call')} of late.`}
        </p>
      )}
      {rule.description !== undefined && (
        <p className="text-ink-3 text-xs [overflow-wrap:anywhere]">{rule.description}</p>
      )}
      <details className="group text-xs">
        <summary className="target w-fit rounded-sm text-ink-3 hover:text-ink">Exact definition</summary>
        <div className="mt-1.5">
          <CodeBlock label={`Definition of ${rule.name}`} text={rulesAsYaml([rule])} />
        </div>
      </details>
    </div>
  );
}

/** A rule in words, its condition apart: code is read as code. */
export function RuleSentence({ rule }: { readonly rule: Rule }) {
  return (
    <p className="text-ink-2 [overflow-wrap:anywhere]">
      {whenSentence(rule.when)}
      {rule.if !== undefined && (
        <>
          {' where '}
          <code className="rounded-sm border bg-sunken px-1 text-ink text-xs">{rule.if}</code>
        </>
      )}
      {` ${thenSentence(rule)}.`}
    </p>
  );
}

/** Says of a rule in observe until when it decides nothing; after its end it enforces by itself. */
export function ObserveBadge({ rule }: { readonly rule: Rule }) {
  const now = useNow();
  if (rule.mode !== 'observe') return null;
  const end = rule.observeUntil;
  if (end === undefined) return <Badge tone="accent">Observes, without an end</Badge>;
  if (now !== 0 && Date.parse(end) <= now)
    return <Badge>Observed until {formatAbsolute(end).slice(0, 16)}, enforces</Badge>;
  return (
    <Badge tone="accent">
      <span suppressHydrationWarning title={formatAbsolute(end)}>
        {`Observes only, enforces ${now === 0 ? formatAbsolute(end).slice(0, 16) : formatRelative(end, now)}`}
      </span>
    </Badge>
  );
}
