import { type Cell, cellsOf, covers, mayMeet, meets } from './coverage.ts';
import { ruleText } from './diff.ts';
import { barOf, defaultTerms } from './hold-terms.ts';
import type { Factor, PolicyDefaults, Rule } from './rule.ts';

/** A rule, and a block of its calls (null: all of them), for which a change cannot be shown to be no loosening. */
export type Doubt = { readonly rule: Rule; readonly cell: Cell | null };

type Change = {
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
  readonly defaults: PolicyDefaults;
  readonly nowMs: number;
};

/**
 * Where a policy may have become looser. No doubt is a proof: then no call at all, registered or not, is decided more
 * loosely, and no hold asks for less.
 *
 * It rests on how verdicts are put together: each part of one (deny, quorum, each factor, passkey, each time) comes from a
 * single rule or the tier's default. So only rules that are gone, and added ones that name a time or free something, can
 * loosen; rules on both sides cancel out. Each such rule's calls are taken apart into blocks, and in every block a rule
 * that surely matches must make up for it.
 */
export function looseningDoubts(change: Change): readonly Doubt[] {
  const { gone, added } = changedRules(change);
  const doubts: Doubt[] = [];
  for (const rule of gone) {
    const near = nearTo(rule, change);
    if (rule.then !== 'allow') doubts.push(...doubtsOver(rule, near, (cell) => staysAsStrict(rule, cell, near)));
  }
  for (const rule of added) {
    const near = nearTo(rule, change);
    if (rule.then === 'hold') doubts.push(...doubtsOver(rule, near, (cell) => namesNothingLooser(rule, cell, near)));
  }
  // What frees has no effect until two people have published it: without that, rules on both sides are new, too.
  const freeing = change.defaults.freesAllowed ? added : change.after;
  for (const rule of freeing) {
    const near = nearTo(rule, change);
    if (frees(rule)) doubts.push(...doubtsOver(rule, near, (cell) => freesNothing(cell, near)));
  }
  return doubts;
}

/** Rules on one side only, by what they do; names and descriptions do nothing. */
export function changedRules(change: Pick<Change, 'before' | 'after'>): {
  readonly gone: readonly Rule[];
  readonly added: readonly Rule[];
} {
  const effect = (rule: Rule) => ruleText({ ...rule, name: '', description: undefined });
  const [was, is] = [new Set(change.before.map(effect)), new Set(change.after.map(effect))];
  return {
    gone: change.before.filter((rule) => !is.has(effect(rule))),
    added: change.after.filter((rule) => !was.has(effect(rule))),
  };
}

/** The change, without the rules that no call of this one can meet. */
function nearTo(rule: Rule, change: Change): Change {
  const near = (other: Rule) => mayMeet(rule, other);
  return { ...change, before: change.before.filter(near), after: change.after.filter(near) };
}

function doubtsOver(rule: Rule, near: Change, holds: (cell: Cell) => boolean): readonly Doubt[] {
  const cells = cellsOf(rule, [...near.before, ...near.after]);
  if (cells === null) return [{ rule, cell: null }];
  return cells.filter((cell) => !holds(cell)).map((cell) => ({ rule, cell }));
}

/** Whether what a rule that is gone said of a block is said by others still. */
export function staysAsStrict(gone: Rule, cell: Cell, { after, defaults, nowMs }: Change): boolean {
  const sure = after.filter((rule) => rule.then !== 'allow' && covers(rule, cell, nowMs));
  if (sure.some((rule) => rule.then === 'deny')) return true;
  if (gone.then === 'deny') return false;
  const tierHolds = cell.tier !== 'low' && !after.some((rule) => frees(rule) && meets(rule, cell));
  if (sure.length === 0 && !tierHolds) return false;

  const was = barOf(gone);
  const bars = sure.map(barOf);
  const quorum = Math.max(tierHolds ? 1 : 0, ...bars.map((bar) => bar.quorum));
  const count = (wanted: Factor) =>
    Math.max(0, ...bars.flatMap((bar) => bar.factors.filter((f) => sameGroups(f, wanted)).map((f) => f.count)));
  if (quorum < was.quorum || was.factors.some((factor) => count(factor) < factor.count)) return false;
  if (gone.stepUp === 'passkey' && !sure.some((rule) => rule.stepUp === 'passkey')) return false;
  if (was.factors.length > 0 && !escalatesNoFurther(gone, sure)) return false;

  const possible = after.filter((rule) => rule.then === 'hold' && meets(rule, cell));
  return TIMES.every(({ of, stricter, fallback }) => {
    const named = of(gone);
    if (named === undefined) return true;
    const asStrict = (seconds: number | undefined) => seconds !== undefined && stricter(seconds, named);
    if (sure.some((rule) => asStrict(of(rule)))) return true;
    const none = fallback(cell, defaults);
    return asStrict(none) && possible.every((rule) => of(rule) === undefined || asStrict(of(rule)));
  });
}

/** Whether the times that an added hold names leave the tier's own, where they replace those, as strict as they were. */
function namesNothingLooser(added: Rule, cell: Cell, { before, after, defaults, nowMs }: Change): boolean {
  const passedBefore = cell.tier === 'low' && !before.some((rule) => rule.then === 'hold' && meets(rule, cell));
  if (passedBefore) return true;
  return TIMES.every(({ of, stricter, fallback }) => {
    const named = of(added);
    const none = fallback(cell, defaults);
    if (named === undefined || stricter(named, none)) return true;
    const speaks = (rule: Rule, test: (seconds: number) => boolean) => {
      const seconds = of(rule);
      return rule.then === 'hold' && seconds !== undefined && test(seconds) && covers(rule, cell, nowMs);
    };
    return (
      before.some((rule) => speaks(rule, () => true)) || after.some((rule) => speaks(rule, (s) => stricter(s, none)))
    );
  });
}

/** Whether a freeing rule has no effect in a block: the tier lets it pass, a rule holds it, or it was freed before. */
function freesNothing(cell: Cell, { before, after, defaults, nowMs }: Change): boolean {
  return (
    cell.tier === 'low' ||
    after.some((rule) => rule.then !== 'allow' && covers(rule, cell, nowMs)) ||
    (defaults.freesAllowed && before.some((rule) => frees(rule) && covers(rule, cell, nowMs)))
  );
}

function frees(rule: Rule): boolean {
  return rule.then === 'allow' && rule.frees === true;
}

/** Of the rules with factors all must agree on a group before it counts, so one that surely matches is enough to bar it. */
function escalatesNoFurther(gone: Rule, sure: readonly Rule[]): boolean {
  const strict = sure.filter((rule) => rule.then === 'hold' && barOf(rule).factors.length > 0);
  const groups = new Set(strict.flatMap((rule) => (rule.escalate ?? []).flatMap((step) => step.groups)));
  return [...groups].every((group) => {
    const now = Math.max(...strict.map((rule) => askedAfter(rule, group)));
    return now === Number.POSITIVE_INFINITY || now >= askedAfter(gone, group);
  });
}

function askedAfter(rule: Rule, group: string): number {
  const steps = (rule.escalate ?? []).filter((step) => step.groups.includes(group));
  return Math.min(Number.POSITIVE_INFINITY, ...steps.map((step) => step.afterS));
}

function sameGroups(a: Factor, b: Factor): boolean {
  const text = (factor: Factor) => JSON.stringify([...new Set(factor.groups)].sort());
  return text(a) === text(b);
}

type Time = {
  /** What a rule names, nonsense left out as the decision leaves it out. */
  readonly of: (rule: Rule) => number | undefined;
  readonly stricter: (seconds: number, than: number) => boolean;
  readonly fallback: (cell: Cell, defaults: PolicyDefaults) => number;
};
const positive = (seconds: number | undefined) => (seconds !== undefined && seconds > 0 ? seconds : undefined);
const shorter = (seconds: number, than: number) => seconds <= than;
const TIMES: readonly Time[] = [
  {
    of: (rule) => positive(rule.expiresInS),
    stricter: shorter,
    fallback: (cell, defaults) => defaultTerms(cell.tier, defaults).pendingTtlS,
  },
  {
    of: (rule) => positive(rule.approvedForS),
    stricter: shorter,
    fallback: (cell, defaults) => defaultTerms(cell.tier, defaults).approvedTtlS,
  },
  {
    of: (rule) => positive(rule.voteTtlS),
    stricter: shorter,
    fallback: (cell, defaults) => defaultTerms(cell.tier, defaults).voteTtlS,
  },
  {
    of: (rule) => (rule.undoS !== undefined && rule.undoS >= 0 ? rule.undoS : undefined),
    stricter: (seconds, than) => seconds >= than,
    fallback: (cell, defaults) => defaultTerms(cell.tier, defaults).undoS,
  },
];
