import type { Rule } from '#lib/core/policies/rule.ts';
import { EFFECTS, EffectBadge, effectDoes, effectWord } from './effect-badge.tsx';
import { type Observed, RuleItem } from './rule-item.tsx';

/** Rules by what they do, the strictest first, which is also the order in which they win. */
export function RuleGroups({
  rules,
  observed,
}: {
  readonly rules: readonly Rule[];
  readonly observed?: ReadonlyMap<string, Observed>;
}) {
  return EFFECTS.map((effect) => {
    const those = rules.filter((rule) => rule.then === effect);
    if (those.length === 0) return null;
    return (
      <section key={effect} aria-label={`${effectWord(effect)} rules`} className="border-b last:border-b-0">
        <h3 className="flex items-center gap-2 border-b bg-sunken px-3.5 py-1.5 text-ink-2 text-xs">
          <EffectBadge decision={effect} />
          <span>{effectDoes(effect)}</span>
        </h3>
        <ol>
          {those.map((rule) => (
            <li key={rule.name} className="border-b px-3.5 py-2.5 last:border-b-0">
              <RuleItem rule={rule} observed={observed?.get(rule.name)} />
            </li>
          ))}
        </ol>
      </section>
    );
  });
}
