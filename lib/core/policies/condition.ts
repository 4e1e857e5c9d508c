import { plan } from '@bufbuild/cel';
import { err, ok, type Result } from '../result.ts';
import { bindingsOf, type ConditionFacts, isMissing } from './condition-facts.ts';
import { CONDITION_ENV, withBudget } from './condition-functions.ts';
import { type ConditionProblem, readCondition } from './read-condition.ts';

export { type ConditionFacts, factsOf } from './condition-facts.ts';
export type { ConditionProblem } from './read-condition.ts';

/** What a condition said about a call. `error` counts as met for deny and hold, as unmet for allow and grants. */
export type ConditionOutcome = 'true' | 'false' | 'error';

/** A CEL expression that was read and checked once and is evaluated many times. */
export type Condition = { readonly source: string; evaluate(facts: ConditionFacts): ConditionOutcome };

/**
 * Compiles a CEL condition over `args`, `tool {name, tier, class}`, `server {name}`, `agent {name}`,
 * `session {id, tainted}` and `now`.
 *
 * Refuses what does not parse, names that are none of these, functions that do not exist, patterns of `matches` that are
 * not literal RE2, deep nesting and more than 2,000 characters, each with its place. Numbers of `args` are doubles. An
 * evaluation never throws and never runs on: it has a budget shared by all conditions over one call, and what exceeds it
 * is an error. So is a result that is neither true nor false, and a fact that the call does not have.
 */
export function compileCondition(source: string): Result<Condition, ConditionProblem> {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const condition = compile(source);
  const [oldest] = compiled.keys();
  if (compiled.size >= MOST_KEPT && oldest !== undefined) compiled.delete(oldest);
  compiled.set(source, condition);
  return condition;
}

/**
 * What was compiled lately: a gateway takes its rules anew with every change of the configuration, and a thousand
 * conditions take a third of a second in which no call moves. A condition keeps nothing between calls, so it can be shared.
 */
const compiled = new Map<string, Result<Condition, ConditionProblem>>();
const MOST_KEPT = 2_500;

function compile(source: string): Result<Condition, ConditionProblem> {
  const read = readCondition(source);
  if (!read.ok) return read;
  const { expression, names, patterns } = read.value;
  let run: ReturnType<typeof plan>;
  try {
    run = plan(CONDITION_ENV, expression);
  } catch {
    return err({ message: 'This expression cannot be evaluated.', line: 1, column: 1 });
  }
  return ok({
    source,
    evaluate(facts) {
      for (const name of names) if (isMissing(facts, name)) return 'error';
      try {
        const bindings = bindingsOf(facts);
        const value = withBudget(facts.budget, patterns, () => run(bindings));
        return value === true ? 'true' : value === false ? 'false' : 'error';
      } catch {
        // Whatever the evaluator throws is an error of the condition, never a way past it.
        return 'error';
      }
    },
  });
}
