import { compileRules, matchingRules } from './compile.ts';
import { type Cell, cellsOf, covers, mayMeet } from './coverage.ts';
import { compileGlob } from './glob.ts';
import { staysAsStrict } from './loosening.ts';
import type { Rule } from './rule.ts';
import type { LintFinding, PolicyWorld } from './world.ts';

/** Taking rules apart costs rules × rules × blocks; beyond this many rules only simple ones are judged. */
const MANY_RULES = 300;
const CELLS_IN_MANY = 12;

/** Per rule whether it can have an effect at all: what it covers is registered, and no other rule makes it idle. */
export function lintReach(rules: readonly Rule[], world: PolicyWorld): readonly (readonly LintFinding[])[] {
  return rules.map((rule) => {
    const never = neverMatches(rule, world);
    if (never !== null) return [never];
    const cells = cellsOf(rule, rules);
    if (cells === null || (rules.length > MANY_RULES && cells.length > CELLS_IN_MANY)) return [];
    const others = rules.filter((other) => other !== rule && mayMeet(rule, other));
    const idle = idleBecause(rule, cells, others, world);
    return idle === null ? [] : [idle];
  });
}

function neverMatches(rule: Rule, world: PolicyWorld): LintFinding | null {
  const { agents, servers, tools, tiers, classes } = rule.when;
  const say = (field: string, sentence: string): LintFinding => ({
    rule: rule.name,
    field,
    level: 'warning',
    code: 'never-matches',
    sentence,
  });
  if (agents !== undefined && agents.length > 0) {
    const tests = agents.map(compileGlob);
    if (!world.agents.some((agent) => tests.some((test) => test(agent)))) {
      return say('when.agents', 'No registered agent has such a name.');
    }
  }
  if ((servers?.length ?? 0) === 0 && (tools?.length ?? 0) === 0) return null;
  const named = compileRules([{ ...rule, when: { servers, tools, tiers, classes }, if: undefined, mode: undefined }]);
  const some = world.tools.some((tool) => matchingRules(named, { ...tool, agent: '' }).enforced.length > 0);
  return some ? null : say(tools === undefined ? 'when.servers' : 'when.tools', 'No registered tool is covered by it.');
}

function idleBecause(
  rule: Rule,
  cells: readonly Cell[],
  others: readonly Rule[],
  world: PolicyWorld,
): LintFinding | null {
  const { defaults, nowMs } = world;
  const say = (code: LintFinding['code'], sentence: string): LintFinding => ({
    rule: rule.name,
    field: null,
    level: 'warning',
    code,
    sentence,
  });
  const covering = (cell: Cell, then: readonly Rule['then'][]) =>
    others.find((other) => then.includes(other.then) && covers(other, cell, nowMs));
  if (rule.then !== 'deny') {
    const denying = cells.map((cell) => covering(cell, ['deny']));
    if (denying.every((other) => other !== undefined)) {
      return say('unreachable', `Everything that it covers is refused by ${namesOf(denying)}.`);
    }
  }
  if (rule.then === 'allow') {
    const holding = cells.map((cell) => covering(cell, ['deny', 'hold']));
    return holding.every((other) => other !== undefined)
      ? say('shadowed', `Everything that it covers is held or refused by ${namesOf(holding)}.`)
      : null;
  }
  const change = { before: [...others, rule], after: others, defaults, nowMs };
  if (!cells.every((cell) => staysAsStrict(rule, cell, change))) return null;
  const by = cells.map((cell) => covering(cell, rule.then === 'deny' ? ['deny'] : ['deny', 'hold']));
  return by.every((other) => other !== undefined)
    ? say('shadowed', `It changes nothing beside ${namesOf(by)}.`)
    : say('shadowed', 'It changes nothing beside other rules and what the tiers do themselves.');
}

/** At most three names, each once. */
function namesOf(rules: readonly (Rule | undefined)[]): string {
  const names = [...new Set(rules.flatMap((rule) => (rule === undefined ? [] : [rule.name])))];
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
