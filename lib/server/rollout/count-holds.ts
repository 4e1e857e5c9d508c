// Server-only. What recorded calls would cost people under several policies, counted by quarters of an hour.
import { type CompiledRules, compileRules } from '#lib/core/policies/compile.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { PolicyCall, PolicyDefaults, Rule } from '#lib/core/policies/rule.ts';
import { type ForecastName, type Quarter, quarterOf } from '#lib/core/rollout/forecast.ts';
import { judgePolicy, type PolicySnapshot } from '../calls/judge-policy.ts';
import type { ConfigDeps } from '../db/config-write.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { readInForce } from '../policies/policy-rows.ts';
import { MOST_SIMULATED_CALLS, replayCalls, SIMULATED_DAYS } from '../policies/replay-calls.ts';
import { observeRules } from '../snapshot/observe-rules.ts';
import type { SnapshotObserve } from '../snapshot/snapshot.ts';

export type CountedHolds = {
  readonly quarters: readonly Quarter[];
  readonly calls: number;
  /** Of the oldest call that was read. */
  readonly since: Date | null;
  readonly until: Date;
  readonly truncated: boolean;
};
type Judge = (call: PolicyCall & { readonly nowMs: number }) => readonly ForecastName[];

/**
 * Decides the recorded calls of 30 days by what is in force now, by the same with nothing in observe, and by two plain
 * policies: every high-tier call held, and every one of medium and high. Rules that deny go on denying under all of them.
 *
 * Grants are not taken off: whoever has one is asked less. Keeps counts only, no argument and no name.
 */
export async function countHolds(deps: ConfigDeps, most: number = MOST_SIMULATED_CALLS): Promise<CountedHolds> {
  const until = await databaseNow(deps.prisma);
  const judge = await readJudge(deps.prisma, until);
  const quarters = new Map<number, Quarter & Record<ForecastName, number>>();
  let calls = 0;
  let oldestMs = Number.POSITIVE_INFINITY;
  const since = new Date(until.getTime() - SIMULATED_DAYS * 86_400_000);
  const truncated = await replayCalls(deps.prisma, deps.keys, { since, until, most }, (call) => {
    calls++;
    oldestMs = Math.min(oldestMs, call.nowMs);
    const holding = judge(call);
    if (holding.length === 0) return;
    const atMs = quarterOf(call.nowMs);
    const quarter = quarters.get(atMs) ?? { atMs, now: 0, enforced: 0, high: 0, mediumAndHigh: 0 };
    for (const name of holding) quarter[name]++;
    quarters.set(atMs, quarter);
  });
  return { quarters: [...quarters.values()], calls, since: calls === 0 ? null : new Date(oldestMs), until, truncated };
}

async function readJudge(tx: Tx, now: Date): Promise<Judge> {
  const { undoHighS } = await tx.settings.findUniqueOrThrow({ where: { id: 1 } });
  const inForce = await readInForce(tx);
  const observe = await readRunning(tx);
  const defaults: PolicyDefaults = { undoHighS, freesAllowed: inForce.freesAllowed };
  // A rule whose time in observe is over enforces today, whatever it did when the call came.
  const today = inForce.rules.map((rule) =>
    Date.parse(rule.observeUntil ?? '') > now.getTime() ? rule : enforced(rule),
  );
  const rules = observeRules(today, observe);
  const snapshot: PolicySnapshot = {
    rules: compileRules(rules),
    rulesWithoutDenials: compileRules(rules.filter((rule) => rule.then !== 'deny')),
    defaults,
    observe,
  };
  const whole = compileRules(inForce.rules.map(enforced));
  const denials = compileRules(inForce.rules.map(enforced).filter((rule) => rule.then === 'deny'));
  const decided = (by: CompiledRules, call: PolicyCall) => decide({ rules: by, call, defaults }).decision;
  return (call) => {
    const names: ForecastName[] = [];
    if (judgePolicy(snapshot, call).decision === 'hold') names.push('now');
    if (decided(whole, call) === 'hold') names.push('enforced');
    if (call.tier === 'low' || decided(denials, call) === 'deny') return names;
    return call.tier === 'high' ? [...names, 'high', 'mediumAndHigh'] : [...names, 'mediumAndHigh'];
  };
}

function enforced(rule: Rule): Rule {
  return { ...rule, mode: undefined, observeUntil: undefined };
}

async function readRunning(tx: Tx): Promise<readonly SnapshotObserve[]> {
  const rows = await tx.$queryRaw<{ scope: string; rule_hash: string | null; ends_at: Date }[]>`
    SELECT scope, rule_hash, ends_at FROM observe_windows
    WHERE ended_at IS NULL AND starts_at <= clock_timestamp() AND ends_at > clock_timestamp()`;
  return rows.map(({ scope, rule_hash, ends_at }) => ({ scope, ruleHash: rule_hash, endsAtMs: ends_at.getTime() }));
}
