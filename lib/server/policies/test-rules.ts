// Server-only. The installation's policy tests, held against rules.
import type { JsonObject } from '#lib/core/json/value.ts';
import { runPolicyTests, type TestOutcome, type TestWorld } from '#lib/core/policies/policy-test.ts';
import type { PolicyCall, Rule } from '#lib/core/policies/rule.ts';
import type { Tx } from '../db/tx.ts';
import { inspectableOf } from '../inspect/inspectable.ts';
import { readPolicyTests } from './policy-test-rows.ts';

/** For reading the arguments of all tests together: they are decided while somebody types, and everybody else waits. */
const READ_WITHIN_MS = 500;
/** The log bounds a detail; a count says how many there were. */
const MOST_NAMED = 5;

/** What comes of every test by these rules, by name. A `frees` of the rules counts as let in, as in a simulation. */
export async function testRules(tx: Tx, rules: readonly Rule[], world: TestWorld): Promise<readonly TestOutcome[]> {
  const tests = await readPolicyTests(tx);
  if (tests.length === 0) return [];
  return runPolicyTests(tests, rules, { ...world, inspectableOf: readerWithin(READ_WITHIN_MS) });
}

/** The names of the tests that fail by these rules. */
export async function failingTests(tx: Tx, rules: readonly Rule[], world: TestWorld): Promise<readonly string[]> {
  return (await testRules(tx, rules, world)).filter(({ passed }) => !passed).map(({ name }) => name);
}

/** What the log says of tests that failed by what was published all the same; nothing when none did. */
export function failingDetail(failing: readonly string[]): Readonly<Record<string, string | number>> {
  if (failing.length === 0) return {};
  return { testsFailing: failing.length, despiteTests: failing.slice(0, MOST_NAMED).join(', ') };
}

/** Reads arguments as the door does, until the time for all of them is used up: what is left counts as uninspectable. */
function readerWithin(ms: number): (args: JsonObject) => PolicyCall['inspectable'] {
  let left = ms;
  return (args) => {
    const ask = inspectableOf(args);
    return (actionClass) => {
      if (left <= 0) return false;
      const began = performance.now();
      const answer = ask(actionClass);
      left -= performance.now() - began;
      return answer;
    };
  };
}
