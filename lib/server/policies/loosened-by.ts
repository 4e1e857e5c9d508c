// Server-only. The 24-hour rule: who made a call approvable may not be the one who approves it.

import { loosenedBy as looserBy } from '#lib/core/policies/compare-calls.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { PolicyCall } from '#lib/core/policies/rule.ts';
import type { Tx } from '../db/tx.ts';
import { accountsOf } from '../people/same-human.ts';
import { type PolicyInForce, readInForce } from './policy-rows.ts';
import { readUndo, recentTags, recentVersions, recentWindows } from './recent-changes.ts';

/** The call as a vote knows it; what is absent counts as a condition that errs, on both sides alike. */
export type LoosenedCall = Omit<PolicyCall, 'nowMs'>;

/**
 * The people whose change of the last 24 hours made this call easier to run, with all their accounts: authors of a published
 * policy version that decides it more loosely than the version before, whoever tagged its tool or its server lower, asked
 * for a running window that suspends what a rule says of it, or shortened its undo window.
 *
 * By the database's clock. Looks at each change by itself, so that a later change of somebody else does not wash it clean.
 * Assumes that the caller has dealt with the solo rule: it needs what was opened while solo, which this cannot know.
 */
export async function loosenedBy(tx: Tx, call: LoosenedCall): Promise<readonly string[]> {
  const undo = await readUndo(tx);
  const people = new Set<string>();
  const inForce = await readInForce(tx);
  const now = verdictOf(inForce, call, undo.now);
  for (const { author, before, after } of await recentVersions(tx)) {
    if (looser(verdictOf(before, call, undo.now), verdictOf(after, call, undo.now))) people.add(author);
  }
  for (const { person, before, after } of await recentTags(tx, call.server, call.tool)) {
    const then = verdictOf(inForce, { ...call, ...before }, undo.now);
    const lowered = after === null || looser(then, verdictOf(inForce, { ...call, ...after }, undo.now));
    // A change that was taken back since makes nothing easier.
    if (lowered && looser(then, now)) people.add(person);
  }
  for (const window of await recentWindows(tx)) {
    const without = { ...inForce, rules: inForce.rules.filter(({ name }) => window.scope !== `rule:${name}`) };
    const lifts = window.scope === 'control:policies' || window.scope === `server:${call.server}`;
    if (looser(now, verdictOf(without, call, undo.now)) || (lifts && now.decision === 'deny'))
      people.add(window.person);
  }
  if (undo.lowered !== null && looser(verdictOf(inForce, call, undo.lowered.before), now)) {
    people.add(undo.lowered.person);
  }
  return accountsOf(tx, [...people]);
}

function verdictOf(policy: PolicyInForce, call: LoosenedCall, undoHighS: number) {
  // Rules with a time window that is open only now and then are judged as of no time: they count as met by both.
  return decide({ rules: policy.rules, call, defaults: { undoHighS, freesAllowed: policy.freesAllowed } });
}

function looser(before: ReturnType<typeof verdictOf>, after: ReturnType<typeof verdictOf>): boolean {
  return looserBy(before, after) > 0;
}
