import type { ObserveList } from '#lib/contracts/exceptions.ts';

export type ObserveWindow = ObserveList['items'][number];
/** `asked` waits for the second person; `running` lets calls pass now. */
export type ObserveStage = 'asked' | 'running' | 'ended';

/** Where a window stands at a time on the server's clock. A window without a start that was ended never ran. */
export function stageOf(window: ObserveWindow, nowMs: number): ObserveStage {
  if (window.endedAt !== null) return 'ended';
  if (window.startsAt === null || window.endsAt === null) return 'asked';
  return Date.parse(window.endsAt) <= nowMs ? 'ended' : 'running';
}

/** The windows that let calls pass now. */
export function runningWindows(items: readonly ObserveWindow[], nowMs: number): readonly ObserveWindow[] {
  return items.filter((window) => stageOf(window, nowMs) === 'running');
}
