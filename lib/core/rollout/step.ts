/** `done` and `partial` are what was seen; `open`: nothing was; `not-applicable`: there is nothing it could be seen of. */
export type StepState = 'done' | 'partial' | 'open' | 'not-applicable';

type NextRole = 'admin' | 'security' | 'reviewer';

/** What to do and where, and who may; nobody named = everybody. */
export type NextThing = {
  readonly text: string;
  readonly act: string;
  readonly href: string;
  readonly roles: readonly NextRole[];
};

/** One step of the rollout: what was seen of it in figures, the page that proves it, and what comes next. */
export type RolloutStep = {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  readonly evidence: string;
  readonly proof: string;
  /** Null where nothing is left to do. */
  readonly next: NextThing | null;
};

/** `1 tool`, `3 tools`. */
export function count(n: number, one: string, more = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : more}`;
}

/** Parts of a sentence that hold, joined; those that do not are null. */
export function joined(parts: readonly (string | null)[]): string {
  return `${parts.filter((part) => part !== null).join(', ')}.`;
}

/** A part of a sentence about a number that is not zero. */
export function some(n: number, words: (n: number) => string): string | null {
  return n > 0 ? words(n) : null;
}

/** How many whole days ago something was. */
export function agoWords(days: number): string {
  return days === 0 ? 'within the last day' : `${count(days, 'day')} ago`;
}
