import { compareCalls } from './compare-calls.ts';
import { decide } from './decide.ts';
import { exampleOf } from './glob.ts';
import { type Doubt, looseningDoubts } from './loosening.ts';
import type { PolicyCall, Rule } from './rule.ts';
import type { ChangeExample, PolicyComparison, PolicyWorld } from './world.ts';

export type { PolicyComparison, PolicyWorld } from './world.ts';

/**
 * Compares what two policies decide. `loosens` is never missed; where it cannot be told, it is true.
 *
 * Two ways together: calls that stand for the rest are decided by both (`compareCalls`), which gives the examples, and
 * each rule that is gone or new must be shown to loosen nothing for any call there could be (`looseningDoubts`). A
 * condition is compared by its text alone: another text for a deny, a hold or a freeing rule counts as looser, whatever it
 * means. An allow rule that frees nothing decides nothing beside the tier and so loosens nothing. Assumes that
 * `world.defaults` are those of the version in force; the new one's frees are taken as effective.
 */
export function comparePolicies(before: readonly Rule[], after: readonly Rule[], world: PolicyWorld): PolicyComparison {
  const { defaults, nowMs } = world;
  const doubts = looseningDoubts({ before, after, defaults, nowMs });
  const reverse = looseningDoubts({
    before: after,
    after: before,
    defaults: { ...defaults, freesAllowed: true },
    nowMs,
  });
  const { looser, stricter } = compareCalls(before, after, world);
  // Nobody is asked to sign a loosening of which nothing is shown.
  const shown =
    looser.length > 0 ? looser : doubts.slice(0, 10).map((doubt) => exampleOfDoubt(doubt, before, after, world));
  const loosens = doubts.length > 0 || looser.length > 0;
  return { loosens, tightens: stricter.length > 0 || reverse.length > 0, looser: loosens ? shown : [], stricter };
}

function exampleOfDoubt(
  { rule, cell }: Doubt,
  before: readonly Rule[],
  after: readonly Rule[],
  { defaults, nowMs }: PolicyWorld,
): ChangeExample {
  const { when } = rule;
  const call: PolicyCall = {
    agent: exampleOf(cell?.agent ?? when.agents?.[0] ?? '*'),
    server: exampleOf(cell?.server ?? when.servers?.[0] ?? '*'),
    tool: exampleOf(cell?.tool ?? when.tools?.[0] ?? '*'),
    tier: cell?.tier ?? when.tiers?.[0] ?? 'high',
    actionClass: cell?.actionClass ?? when.classes?.[0] ?? 'other',
    tainted: cell?.tainted ?? true,
    inspectable: () => cell?.inspectable ?? false,
    nowMs,
  };
  const old = decide({ rules: before, call, defaults });
  const now = decide({ rules: after, call, defaults: { ...defaults, freesAllowed: true } });
  const { agent, server, tool, tier, actionClass } = call;
  return {
    agent,
    server,
    tool,
    tier,
    actionClass,
    before: { decision: old.decision, rule: old.rule },
    after: { decision: now.decision, rule: now.rule },
    sentence: `It cannot be shown that calls which rule ${rule.name} covers are decided as strictly as before.`,
  };
}
