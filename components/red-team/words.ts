import type { BadgeTone } from '#components/ui/badge.tsx';
import type { RedTeamResultView, RedTeamRunView } from '#lib/contracts/red-team.ts';
import type { Standing } from '#lib/core/red-team/compare.ts';
import type { Verdict } from '#lib/core/red-team/judge.ts';
import type { Effect } from '#lib/core/red-team/scenario.ts';

type Words = { readonly tone: BadgeTone; readonly text: string };

/** How a scenario stands, in a word and in a sentence. */
export const STANDING_WORDS: Readonly<Record<Standing, Words & { readonly sentence: string }>> = {
  holds: {
    tone: 'good',
    text: 'Holds',
    sentence: 'The guardrail stopped it, for the right reason, and the log says so.',
  },
  recovered: { tone: 'good', text: 'Holds again', sentence: 'It got through in the run before, and does no longer.' },
  weak: {
    tone: 'warning',
    text: 'Weak',
    sentence: 'Nothing got through, but for another reason than it should be, or without a trace in the log.',
  },
  'known-gap': {
    tone: 'warning',
    text: 'Known gap',
    sentence: 'It does not hold, and somebody has accepted that for now.',
  },
  regressed: {
    tone: 'danger',
    text: 'Regressed',
    sentence: 'It held in the run before, and now the attack gets through.',
  },
  open: { tone: 'danger', text: 'Gets through', sentence: 'The attack gets through.' },
  unproven: {
    tone: 'danger',
    text: 'Unproven',
    sentence: 'The run could not tell: no answer came, or nobody got through on this way at all.',
  },
};

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'held',
  weak: 'held, but weakly',
  vacuous: 'proves nothing',
  error: 'no answer',
  fail: 'got through',
};

const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  allowed: 'allowed',
  held: 'held for people',
  blocked: 'blocked',
  unanswered: 'no answer',
};

/** What was expected of an attempt. */
export function expectedWords(effect: Effect, codes: readonly string[]): string {
  return codes.length === 0 ? EFFECT_WORDS[effect] : `${EFFECT_WORDS[effect]} (${codes.join(' or ')})`;
}

/** What came of it. */
export function cameWords({ effect, code, recorded }: RedTeamResultView['observed'][number]): string {
  const word = code === null ? EFFECT_WORDS[effect] : `${EFFECT_WORDS[effect]} (${code})`;
  return recorded === false ? `${word}, not in the log` : word;
}

export const LIGHT_WORDS = {
  green: { tone: 'good', text: 'Green', sentence: 'Every guardrail that was attacked holds.' },
  amber: { tone: 'warning', text: 'Amber', sentence: 'Nothing unknown gets through; something is weak or accepted.' },
  red: { tone: 'danger', text: 'Red', sentence: 'Something gets through, or could not be shown to hold.' },
} as const;

const CAUSE_WORDS = {
  schedule: 'the weekly run',
  change: 'after a change of rules or build',
} as const;

/** Why a run was made. */
export function causeWords({ cause, askedBy }: Pick<RedTeamRunView, 'cause' | 'askedBy'>): string {
  return cause === 'person' ? `asked for by ${askedBy}` : CAUSE_WORDS[cause];
}

/** What a run says of itself, in a badge. */
export function runBadge({ state, light }: Pick<RedTeamRunView, 'state' | 'light'>): Words {
  switch (state) {
    case 'waiting':
      return { tone: 'plain', text: 'Waits' };
    case 'running':
      return { tone: 'accent', text: 'Running' };
    case 'broken-off':
      return { tone: 'warning', text: 'Broken off' };
    case 'finished':
      return light === null ? { tone: 'plain', text: 'Ended' } : LIGHT_WORDS[light];
  }
}
