import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import type { Decision } from '#lib/core/policies/rule.ts';

const WORDS: Readonly<Record<Decision, { readonly word: string; readonly does: string; readonly tone: BadgeTone }>> = {
  deny: { word: 'Deny', does: 'refused, whatever else matches', tone: 'danger' },
  hold: { word: 'Hold', does: 'waits for people', tone: 'warning' },
  allow: { word: 'Allow', does: 'passes, where nothing is stricter', tone: 'good' },
};

/** The three decisions from the strictest on: deny beats hold, hold beats allow. */
export const EFFECTS: readonly Decision[] = ['deny', 'hold', 'allow'];

/** A decision in a word. */
export function effectWord(decision: Decision): string {
  return WORDS[decision].word;
}

/** What a decision does to a call. */
export function effectDoes(decision: Decision): string {
  return WORDS[decision].does;
}

/** A decision as word and colour. */
export function EffectBadge({ decision }: { readonly decision: Decision }) {
  return <Badge tone={WORDS[decision].tone}>{WORDS[decision].word}</Badge>;
}
