// Server-only. What rules are told of a call's arguments: whether they can be inspected.
import type { JsonObject } from '#lib/core/json/value.ts';
import type { ActionClass } from '#lib/core/risk/types.ts';
import { isInspectable } from './inspect-args.ts';

/** Calls of everybody wait while one is read: less than a page may take. What takes longer cannot be inspected. */
const WITHIN_MS = 200;

const known = new WeakMap<JsonObject, Map<ActionClass, boolean>>();

/**
 * The question that rules may ask of these arguments, answered at most once for each class however often it is asked: a
 * hold, its grants and what observes are judged over the same reading. Arguments that cannot be read are uninspectable.
 */
export function inspectableOf(args: JsonObject): (actionClass: ActionClass) => boolean {
  return (actionClass) => {
    const answers = known.get(args) ?? new Map<ActionClass, boolean>();
    known.set(args, answers);
    const answer = answers.get(actionClass) ?? isInspectable(args, actionClass, WITHIN_MS);
    answers.set(actionClass, answer);
    return answer;
  };
}
