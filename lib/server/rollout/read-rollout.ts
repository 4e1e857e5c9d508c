// Server-only.
import type { Rollout } from '#lib/contracts/rollout.ts';
import { judgeControls, weakens } from '#lib/core/rollout/controls.ts';
import { judgeWeeks, weekNumber } from '#lib/core/rollout/weeks.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import { readFacts } from './read-facts.ts';
import { readOpenWindows } from './read-open-windows.ts';

/**
 * The four weeks and the eight controls as the rows say it now. The rollout begins with the first person of the
 * installation; its weeks suggest an order and lock nothing. Assumes nothing of who asks: it holds figures only.
 */
export async function readRollout(database: Database): Promise<Rollout> {
  const [first, windows, now] = await Promise.all([
    database.person.findFirst({ orderBy: { createdAt: 'asc' }, select: { createdAt: true } }),
    readOpenWindows(database),
    databaseNow(database),
  ]);
  const facts = await readFacts(database, windows, now);
  const startedAt = first?.createdAt ?? now;
  return {
    startedAt: startedAt.toISOString(),
    week: weekNumber(startedAt.getTime(), now.getTime()),
    weeks: judgeWeeks(facts).map((week) => ({ ...week, steps: week.steps.map(wireStep) })),
    controls: judgeControls(facts).map((control) => ({
      ...control,
      scopes: [...control.scopes],
      windows: windows.filter(({ scope }) => weakens(scope, control.id)),
    })),
    serverTime: now.toISOString(),
  };
}

type Week = ReturnType<typeof judgeWeeks>[number];

function wireStep({ next, ...step }: Week['steps'][number]): Rollout['weeks'][number]['steps'][number] {
  return { ...step, next: next === null ? null : { ...next, roles: [...next.roles] } };
}
