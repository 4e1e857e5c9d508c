import { TIERS, type Tier } from '../risk/types.ts';
import { compileRules } from './compile.ts';
import { cellsOf } from './coverage.ts';
import { decide, type PolicyVerdict } from './decide.ts';
import { exampleOf } from './glob.ts';
import { changedRules } from './loosening.ts';
import type { Decision, HoldTerms, PolicyCall, Rule } from './rule.ts';
import { compileWindow } from './time-window.ts';
import { inTime } from './words.ts';
import type { ChangeExample, PolicyWorld } from './world.ts';

const STRICTNESS: Readonly<Record<Decision, number>> = { allow: 0, hold: 1, deny: 2 };
const REGISTERED_CALLS = 2_000;
const CELLS_A_RULE = 40;
const CALLS = 4_000;
const CONDITIONS = 5;
const EXAMPLES = 50;
const HOUR_MS = 3_600_000;

/** Calls that two policies decide differently: those of registered tools first, of each kind the worst first. */
export type Differences = { readonly looser: ChangeExample[]; readonly stricter: ChangeExample[] };

/**
 * Decides representative calls by both policies: registered tools and agents, and made-up ones that changed rules cover.
 *
 * Conditions are unknowns, taken as true and as false; sessions as tainted and not; arguments as read and as such
 * that cannot be; time as now, inside and outside of the windows of changed rules. Frees count as effective after the change: two people would publish it.
 */
export function compareCalls(before: readonly Rule[], after: readonly Rule[], world: PolicyWorld): Differences {
  const { gone, added } = changedRules({ before, after });
  const changed = [...gone, ...added];
  if (changed.length === 0 && world.defaults.freesAllowed) return { looser: [], stricter: [] };
  const calls = representatives(changed, [...before, ...after], world);
  const found = new Map<string, { readonly example: ChangeExample; readonly by: number }>();
  for (const taken of assumptions(changed)) {
    const was = compileRules(assume(before, taken));
    const is = compileRules(assume(after, taken));
    for (const call of calls) {
      const old = decide({ rules: was, call, defaults: world.defaults });
      const now = decide({ rules: is, call, defaults: { ...world.defaults, freesAllowed: true } });
      const by = loosenedBy(old, now);
      if (by === 0) continue;
      const key = [call.server, call.tool, call.agent, call.tier, call.actionClass, by > 0].join(' ');
      const known = found.get(key);
      if (known === undefined || Math.abs(by) > Math.abs(known.by)) {
        found.set(key, { example: exampleOfChange(call, old, now), by });
      }
    }
  }
  const known = new Set(world.tools.map(({ server, tool }) => `${server} ${tool}`));
  const isKnown = ({ example }: { readonly example: ChangeExample }) => known.has(`${example.server} ${example.tool}`);
  const all = [...found.values()].sort(
    (a, b) => Number(isKnown(b)) - Number(isKnown(a)) || Math.abs(b.by) - Math.abs(a.by) || tierOf(b) - tierOf(a),
  );
  return {
    looser: all
      .filter(({ by }) => by > 0)
      .slice(0, EXAMPLES)
      .map(({ example }) => example),
    stricter: all
      .filter(({ by }) => by < 0)
      .slice(0, EXAMPLES)
      .map(({ example }) => example),
  };
}

/** How much looser a verdict is: positive if any part is, negative if some are stricter and none is looser. */
export function loosenedBy(old: PolicyVerdict, now: PolicyVerdict): number {
  const steps = STRICTNESS[old.decision] - STRICTNESS[now.decision];
  if (steps !== 0) return steps * 10;
  if (old.decision !== 'hold') return 0;
  if (hasLooserPart(old.terms, now.terms)) return 1;
  return hasLooserPart(now.terms, old.terms) ? -1 : 0;
}

/** Whether any part of the terms asks for less than it did. */
export function hasLooserPart(old: HoldTerms, now: HoldTerms): boolean {
  const key = (groups: readonly string[]) => JSON.stringify([...groups].sort());
  const counts = new Map(now.factors.map((factor) => [key(factor.groups), factor.count]));
  const asked = (terms: HoldTerms, group: string) =>
    Math.min(
      Number.POSITIVE_INFINITY,
      ...terms.escalation.filter((s) => s.groups.includes(group)).map((s) => s.afterS),
    );
  return (
    now.quorum < old.quorum ||
    old.factors.some((factor) => (counts.get(key(factor.groups)) ?? 0) < factor.count) ||
    (old.stepUp === 'passkey' && now.stepUp !== 'passkey') ||
    now.pendingTtlS > old.pendingTtlS ||
    now.approvedTtlS > old.approvedTtlS ||
    now.voteTtlS > old.voteTtlS ||
    now.undoS < old.undoS ||
    // Whoever is asked too can only widen a circle that was closed.
    (old.factors.length > 0 &&
      now.escalation.some((step) => step.groups.some((group) => step.afterS < asked(old, group))))
  );
}

type Taken = (condition: string) => boolean;

/** All conditions true, all false, and each changed one true alone and false alone. */
function assumptions(changed: readonly Rule[]): readonly Taken[] {
  const texts = [...new Set(changed.flatMap((rule) => (rule.if === undefined ? [] : [rule.if])))].slice(0, CONDITIONS);
  return [() => true, () => false, ...texts.flatMap((text): Taken[] => [(c) => c === text, (c) => c !== text])];
}

function assume(rules: readonly Rule[], taken: Taken): readonly Rule[] {
  return rules.flatMap((rule) => {
    if (rule.if === undefined) return [rule];
    return taken(rule.if) ? [{ ...rule, if: undefined }] : [];
  });
}

function representatives(changed: readonly Rule[], all: readonly Rule[], world: PolicyWorld): readonly PolicyCall[] {
  const agents = world.agents.length > 0 ? world.agents : ['any'];
  const registered = world.tools.flatMap((tool) => agents.map((agent) => ({ ...tool, agent })));
  const touched = compileRules(changed.map((rule) => ({ ...rule, if: undefined, mode: 'enforce' as const })));
  const times = instants(changed, world.nowMs);
  const calls: PolicyCall[] = [];
  const readings = all.some((rule) => rule.when.inspectable !== undefined) ? [false, true] : [true];
  const ways = times.flatMap((nowMs) =>
    [false, true].flatMap((tainted) => readings.map((is) => ({ nowMs, tainted, inspectable: () => is }))),
  );
  const add = (call: PolicyCall) => {
    for (const way of ways) calls.push({ ...call, ...way });
  };
  for (const call of registered) {
    if (calls.length > REGISTERED_CALLS) break;
    const concerned = ways.some((way) => decide({ rules: touched, call: { ...call, ...way } }).matched.length > 0);
    if (concerned || !world.defaults.freesAllowed) add(call);
  }
  for (const rule of changed.slice(0, 100)) {
    if (calls.length > CALLS) break;
    for (const cell of (cellsOf(rule, all) ?? []).slice(0, CELLS_A_RULE)) {
      const [server, tool] = namesOf(cell.server, cell.tool);
      const { tier, actionClass } = cell;
      add({ agent: exampleOf(cell.agent), server, tool, tier, actionClass: actionClass ?? 'other' });
    }
  }
  return calls;
}

/** A server and a tool that a pattern of `server__tool` names. */
function namesOf(server: string, tool: string): readonly [string, string] {
  const at = tool.indexOf('__');
  if (at === -1 || server !== '*') return [exampleOf(server), exampleOf(tool)];
  return [exampleOf(tool.slice(0, at)), exampleOf(tool.slice(at + 2))];
}

/** Now, and the next hours inside and outside of each window of the rules, and the ends of what is observed. */
function instants(changed: readonly Rule[], nowMs: number): readonly number[] {
  const times = new Set([nowMs]);
  for (const rule of changed.slice(0, 20)) {
    if (rule.observeUntil !== undefined) {
      const until = Date.parse(rule.observeUntil);
      if (until > nowMs) times.add(until + 1);
    }
    if (rule.when.time === undefined) continue;
    const window = compileWindow(rule.when.time);
    for (const wanted of ['inside', 'outside'] as const) {
      for (let hour = 0; hour < 24 * 7 * 4; hour++) {
        const at = nowMs + (hour * HOUR_MS) / 4;
        if (window(at) !== wanted) continue;
        times.add(at);
        break;
      }
    }
  }
  return [...times].slice(0, 12);
}

function tierOf({ example }: { readonly example: ChangeExample }): number {
  return TIERS.indexOf(example.tier);
}

function exampleOfChange(call: PolicyCall, old: PolicyVerdict, now: PolicyVerdict): ChangeExample {
  return {
    server: call.server,
    tool: call.tool,
    agent: call.agent,
    tier: call.tier,
    actionClass: call.actionClass,
    before: { decision: old.decision, rule: old.rule },
    after: { decision: now.decision, rule: now.rule },
    sentence: changeSentence(call.tier, old, now),
  };
}

const WORDS: Readonly<Record<Decision, string>> = { allow: 'pass', hold: 'wait for people', deny: 'are refused' };

/** What becomes of such calls. */
function changeSentence(tier: Tier, old: PolicyVerdict, now: PolicyVerdict): string {
  if (old.decision !== now.decision) {
    return `Calls of tier ${tier} that ${WORDS[old.decision]} today (${old.rule}) would ${wouldBe(now.decision)} (${now.rule}).`;
  }
  return `Holds change: ${termsChange(old.terms, now.terms)}.`;
}

function wouldBe(decision: Decision): string {
  switch (decision) {
    case 'allow':
      return 'pass';
    case 'hold':
      return 'wait for people';
    case 'deny':
      return 'be refused';
  }
}

function termsChange(old: HoldTerms, now: HoldTerms): string {
  const groups = (terms: HoldTerms) =>
    terms.factors.map((f) => `${f.count} of ${f.groups.join('/')}`).join(' and ') || 'anybody';
  const parts = [
    old.quorum !== now.quorum && `${old.quorum} people become ${now.quorum}`,
    groups(old) !== groups(now) && `from ${groups(old)} to ${groups(now)}`,
    old.stepUp !== now.stepUp &&
      (now.stepUp === 'passkey' ? 'a passkey is asked for' : 'no passkey is asked for any more'),
    old.pendingTtlS !== now.pendingTtlS && `they wait ${inTime(now.pendingTtlS)} instead of ${inTime(old.pendingTtlS)}`,
    old.approvedTtlS !== now.approvedTtlS &&
      `an approval is good for ${inTime(now.approvedTtlS)} instead of ${inTime(old.approvedTtlS)}`,
    old.voteTtlS !== now.voteTtlS && `a vote counts for ${inTime(now.voteTtlS)} instead of ${inTime(old.voteTtlS)}`,
    old.undoS !== now.undoS && `${inTime(now.undoS)} to undo instead of ${inTime(old.undoS)}`,
    JSON.stringify(old.escalation) !== JSON.stringify(now.escalation) && 'other groups are asked when nobody decides',
  ].filter((part) => part !== false);
  return parts.join(', ');
}
