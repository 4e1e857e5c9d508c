// Server-only. What two policies make of recorded calls, counted.
import type { Simulation } from '#lib/contracts/policies.ts';
import type { Decision } from '#lib/core/policies/rule.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import type { RecordedCall } from './recorded-calls.ts';

type Counts = { calls: number; newlyHeld: number; newlyFreed: number; newlyDenied: number };
type Decided = { readonly decision: Decision; readonly rule: string; readonly matched: readonly string[] };
/** One call under the policy in force and under the other one. */
export type Compared = {
  readonly call: RecordedCall;
  readonly tier: Tier;
  readonly actionClass: ActionClass;
  readonly before: Decided;
  readonly after: Decided;
};

const MOST_EXAMPLES = 50;
const PREVIEW_CHARACTERS = 160;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The worst first: what nobody would be asked about any more. */
const SEVERITY = { freed: 0, denied: 1, held: 2 } as const;

export type Effects = {
  add(compared: Compared): void;
  /** `rules` in the order of the policy, so that rules without any call are there too. */
  result(rules: readonly string[], window: { readonly since: Date; readonly until: Date }): CountedEffects;
};
type CountedEffects = Omit<Simulation, 'since' | 'until' | 'total'> & {
  readonly total: Counts & { readonly unreadable: number };
};

/** An empty count. Memory is bounded: tools and rules are, and of examples the worst 50 are kept. */
export function countEffects(): Effects {
  const total = { ...zero(), unreadable: 0 };
  const byRule = new Map<string, Counts & { matched: number }>();
  const byTool = new Map<string, Counts & { server: string; tool: string }>();
  const hours = Array.from({ length: 24 }, () => ({ now: 0, draft: 0 }));
  const examples: { rank: number; example: Simulation['examples'][number] }[] = [];

  const ruleOf = (name: string) => getOr(byRule, name, () => ({ ...zero(), matched: 0 }));

  return {
    add: (compared) => {
      const { call, before, after } = compared;
      total.calls++;
      if (call.args === undefined) total.unreadable++;
      const tool = getOr(byTool, `${call.server}\n${call.tool}`, () => ({
        ...zero(),
        server: call.server,
        tool: call.tool,
      }));
      tool.calls++;
      for (const name of after.matched) ruleOf(name).matched++;
      ruleOf(after.rule).calls++;
      const hour = hours[new Date(call.atMs).getUTCHours()];
      if (hour !== undefined) {
        if (before.decision === 'hold') hour.now++;
        if (after.decision === 'hold') hour.draft++;
      }
      const effect = effectOf(before.decision, after.decision);
      if (effect === null) return;
      // A call is freed by the rule that held it and is gone or outweighed; held or denied by the rule that now does so.
      const rule = effect === 'freed' && after.rule.startsWith('default-') ? before.rule : after.rule;
      for (const counts of [total, tool, ruleOf(rule)]) count(counts, effect);
      keepWorst(examples, SEVERITY[effect], () => exampleOf(compared, rule));
    },
    result: (rules, { since, until }) => {
      const names = [...new Set([...rules, ...byRule.keys()])];
      const perHour = hoursCovered(since.getTime(), until.getTime());
      return {
        total,
        rules: names.map((rule) => ({ rule, ...(byRule.get(rule) ?? { ...zero(), matched: 0 }) })),
        tools: [...byTool.values()].sort((a, b) => changed(b) - changed(a) || b.calls - a.calls),
        approvalsPerHour: hours.map(({ now, draft }, hour) => {
          const days = perHour[hour] ?? 0;
          return { hour, now: rounded(now, days), draft: rounded(draft, days) };
        }),
        examples: examples.map(({ example }) => example),
      };
    },
  };
}

/** What became of a call; null = the same, or a hold with other terms, which this does not count. */
function effectOf(before: Decision, after: Decision): 'held' | 'freed' | 'denied' | null {
  if (before === after) return null;
  if (after === 'deny') return 'denied';
  // From deny to hold a call may run again when somebody agrees: that is held anew, and so it is counted.
  return after === 'hold' ? 'held' : 'freed';
}

function count(counts: Counts, effect: 'held' | 'freed' | 'denied'): void {
  switch (effect) {
    case 'held':
      counts.newlyHeld++;
      break;
    case 'freed':
      counts.newlyFreed++;
      break;
    case 'denied':
      counts.newlyDenied++;
      break;
  }
}

function keepWorst(
  kept: { rank: number; example: Simulation['examples'][number] }[],
  rank: number,
  make: () => Simulation['examples'][number],
): void {
  const last = kept.at(-1);
  if (kept.length >= MOST_EXAMPLES && (last === undefined || last.rank <= rank)) return;
  const place = kept.findIndex((other) => other.rank > rank);
  kept.splice(place === -1 ? kept.length : place, 0, { rank, example: make() });
  if (kept.length > MOST_EXAMPLES) kept.pop();
}

function exampleOf({ call, tier, actionClass, before, after }: Compared, rule: string): Simulation['examples'][number] {
  return {
    callId: call.callId,
    at: new Date(call.atMs).toISOString(),
    agent: call.agent,
    server: call.server,
    tool: call.tool,
    tier,
    actionClass,
    before: before.decision,
    after: after.decision,
    rule,
    argsPreview: preview(call.text),
  };
}

/** Cut between characters: half a surrogate pair would make the answer itself unreadable. */
function preview(text: string | undefined): string {
  if (text === undefined) return '';
  if (text.length <= PREVIEW_CHARACTERS) return text;
  return `${text.slice(0, PREVIEW_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** How often each hour of the day (UTC) lies in the window, in parts of an hour; the average is over these. */
function hoursCovered(sinceMs: number, untilMs: number): readonly number[] {
  const wholeDays = Math.floor((untilMs - sinceMs) / DAY_MS);
  const covered = Array.from({ length: 24 }, () => wholeDays);
  for (let at = sinceMs + wholeDays * DAY_MS; at < untilMs; ) {
    const next = Math.min((Math.floor(at / HOUR_MS) + 1) * HOUR_MS, untilMs);
    const hour = new Date(at).getUTCHours();
    covered[hour] = (covered[hour] ?? 0) + (next - at) / HOUR_MS;
    at = next;
  }
  return covered;
}

function rounded(holds: number, days: number): number {
  // Less than one whole hour of this kind says little about a whole one; counting it as one exaggerates nothing.
  return Math.round((holds / Math.max(days, 1)) * 100) / 100;
}

function changed(counts: Counts): number {
  return counts.newlyHeld + counts.newlyFreed + counts.newlyDenied;
}

function zero(): Counts {
  return { calls: 0, newlyHeld: 0, newlyFreed: 0, newlyDenied: 0 };
}

function getOr<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
