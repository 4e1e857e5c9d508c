import { type CelInput, type CelValue, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { isJsonArray, type JsonValue } from '../json/value.ts';
import { type Budget, newBudget } from './condition-functions.ts';
import type { PolicyCall } from './rule.ts';

/** What conditions see of one call. Build once per call: the conversion and the budget are shared by all conditions. */
export type ConditionFacts = {
  readonly call: PolicyCall;
  readonly budget: Budget;
  /** Made when the first condition is evaluated; most calls meet none. */
  bindings: Bindings | null;
};
type Bindings = Record<string, CelInput>;

const SECOND_MS = 1000;
const TIMESTAMP = plan(celEnv(), parse('timestamp(at)'));

/** The facts of a call, with a fresh budget. */
export function factsOf(call: PolicyCall): ConditionFacts {
  return { call, budget: newBudget(), bindings: null };
}

/** Whether a call lacks what a condition names: then it errs, whatever the rest of it says (`!has(args.x)` must not hold). */
export function isMissing(facts: ConditionFacts, name: string): boolean {
  const { call } = facts;
  switch (name) {
    case 'args':
      return call.args === undefined;
    case 'session':
      return call.session === undefined;
    case 'now':
      return call.nowMs === undefined || !Number.isFinite(call.nowMs);
    default:
      return false;
  }
}

/** The variables of an evaluation, on an object without a prototype: `constructor` and its like are unknown names. */
export function bindingsOf(facts: ConditionFacts): Bindings {
  if (facts.bindings !== null) return facts.bindings;
  const { call } = facts;
  const bindings: Bindings = Object.create(null);
  bindings.tool = new Map([
    ['name', call.tool],
    ['tier', call.tier],
    ['class', call.actionClass],
  ]);
  bindings.server = new Map([['name', call.server]]);
  bindings.agent = new Map([['name', call.agent]]);
  if (call.args !== undefined) bindings.args = celInputOf(call.args);
  if (call.session !== undefined) {
    // A session of which nobody said whether it read untrusted content counts as one that did.
    bindings.session = new Map<string, CelInput>([
      ['id', call.session],
      ['tainted', call.tainted ?? true],
    ]);
  }
  const now = timestampOf(call.nowMs);
  if (now !== null) bindings.now = now;
  facts.bindings = bindings;
  return bindings;
}

/**
 * The instant as a CEL timestamp, or null where there is none.
 *
 * By way of the evaluator's own conversion, which spares knowing how it represents time. Whole calls of a second share
 * the text, so the conversion is cheap either way.
 */
function timestampOf(nowMs: number | undefined): CelValue | null {
  if (nowMs === undefined || !(Math.abs(nowMs) < 8.64e15)) return null;
  const at = new Date(Math.trunc(nowMs)).toISOString();
  const value = TIMESTAMP({ at });
  return isCelError(value) || nowMs < -62_135_596_800 * SECOND_MS ? null : value;
}

/** Objects become maps: the evaluator takes a plain object for one only if its `constructor` says so, and that is a key. */
function celInputOf(value: JsonValue): CelInput {
  if (typeof value !== 'object' || value === null) return value;
  if (isJsonArray(value)) return value.map(celInputOf);
  const map = new Map<string, CelInput>();
  for (const key of Object.keys(value)) map.set(key, celInputOf(value[key] ?? null));
  return map;
}
