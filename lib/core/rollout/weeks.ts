import type { RolloutFacts } from './facts.ts';
import type { RolloutStep } from './step.ts';
import { weekOne } from './week-1.ts';
import { weekTwo } from './week-2.ts';
import { weekThree } from './week-3.ts';
import { weekFour } from './week-4.ts';

const WEEK_MS = 7 * 86_400_000;

/** A week of the rollout; `of` counts the steps that apply here. */
export type RolloutWeek = {
  readonly week: 1 | 2 | 3 | 4;
  readonly title: string;
  readonly done: number;
  readonly of: number;
  readonly steps: readonly RolloutStep[];
};

/** The four weeks with every step judged by what was seen. The order suggests; nothing is locked by it. */
export function judgeWeeks(facts: RolloutFacts): readonly RolloutWeek[] {
  return [
    weekOf(1, 'Inventory, risk tags, logging', weekOne(facts)),
    weekOf(2, 'Approval gates', weekTwo(facts)),
    weekOf(3, 'Network and credentials', weekThree(facts)),
    weekOf(4, 'Attacks and incidents', weekFour(facts)),
  ];
}

function weekOf(week: RolloutWeek['week'], title: string, steps: readonly RolloutStep[]): RolloutWeek {
  const applying = steps.filter(({ state }) => state !== 'not-applicable');
  return { week, title, steps, of: applying.length, done: applying.filter(({ state }) => state === 'done').length };
}

/** In which week of the rollout a moment lies, from 1; past 4 it is over. A clock that was set back does not go below 1. */
export function weekNumber(startedAtMs: number, nowMs: number): number {
  return Math.max(1, Math.floor((nowMs - startedAtMs) / WEEK_MS) + 1);
}
