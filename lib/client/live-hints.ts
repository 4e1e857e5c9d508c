import type { Hint } from '#lib/contracts/live.ts';
import { queryKeys } from './query-keys.ts';

export type LiveKey = readonly unknown[];

/** Everything a hint can make stale; refetched whole after a reconnect or a gap, for hints may have been lost. */
export const LIVE_KEYS: readonly LiveKey[] = [
  queryKeys.approvals.all,
  queryKeys.killSwitch,
  queryKeys.overview,
  queryKeys.servers.all,
  queryKeys.agents.all,
  queryKeys.credentials.all,
  queryKeys.egress.all,
  queryKeys.people,
  queryKeys.me,
  queryKeys.policies.all,
  queryKeys.grants.all,
  queryKeys.exceptions.all,
  queryKeys.incidents.all,
  queryKeys.audit.tails,
  queryKeys.audit.stories,
  queryKeys.audit.checkpoint,
];

/**
 * The keys that a hint makes stale. A beat makes none stale: it only proves the line alive. Of a request that is named,
 * its lines in the lists are not here: they are read one by one (live-requests.ts), not with the whole list.
 */
export function keysOf(hint: Hint): readonly LiveKey[] {
  switch (hint.topic) {
    case 'approval':
      return hint.id === '*' ? [queryKeys.approvals.all] : [queryKeys.approvals.detail(hint.id), queryKeys.overview];
    case 'approvals':
      return [queryKeys.approvals.all, queryKeys.overview];
    case 'kill-switch':
      return [queryKeys.killSwitch, queryKeys.approvals.all, queryKeys.overview];
    case 'servers':
      return [queryKeys.servers.all, queryKeys.overview];
    case 'agents':
      return [queryKeys.agents.all, queryKeys.overview];
    case 'egress':
      return [queryKeys.egress.all];
    case 'credentials':
      return [queryKeys.credentials.all];
    case 'people':
      return [queryKeys.people, queryKeys.me];
    case 'policies':
      return [queryKeys.policies.all];
    case 'grants':
      return [queryKeys.grants.all];
    case 'exceptions':
      // Who may vote for whom, and what a vote fills, is part of every open request.
      return [queryKeys.exceptions.all, queryKeys.approvals.all, queryKeys.policies.observed];
    case 'incidents':
      return [queryKeys.incidents.all, queryKeys.overview];
    case 'audit':
      return [
        queryKeys.audit.tails,
        queryKeys.audit.stories,
        queryKeys.audit.checkpoint,
        // What was refused on the way out is told by the log alone.
        queryKeys.egress.traffic,
        queryKeys.credentials.histories,
      ];
    case 'beat':
      return [];
  }
}

/** How long a key rests after a refetch. A sum over everything is not worth a question for each of fifty arrivals. */
export function pauseOf(topic: Hint['topic'], key: LiveKey): number {
  return key[0] === queryKeys.overview[0] ? OVERVIEW_REST_MS : restOf(topic);
}

const OVERVIEW_REST_MS = 1000;

/** How often a topic may cause a refetch, in milliseconds. A decision shows at once; a busy log is read in gulps. */
function restOf(topic: Hint['topic']): number {
  switch (topic) {
    case 'approval':
    case 'approvals':
    case 'kill-switch':
      return 80;
    case 'servers':
    case 'agents':
    case 'credentials':
    case 'egress':
    case 'people':
    case 'policies':
    case 'exceptions':
    case 'incidents':
      return 250;
    case 'grants':
      return 500;
    case 'audit':
      return 1000;
    case 'beat':
      return 0;
  }
}

/** Whether a hint says anything new: one that came late, after a newer one of the same row, must not cause a refetch. */
export function createVersionGuard(): { isNew(hint: Hint): boolean; reset(): void } {
  const seen = new Map<string, number>();
  return {
    isNew(hint) {
      const row = `${hint.topic} ${hint.id}`;
      const known = seen.get(row);
      if (known !== undefined && hint.version <= known) return false;
      // Rows come and go for days in an open tab; the oldest are forgotten, at worst one refetch too many.
      if (seen.size >= 5000) for (const old of [...seen.keys()].slice(0, 1000)) seen.delete(old);
      seen.set(row, hint.version);
      return true;
    },
    reset() {
      seen.clear();
    },
  };
}

/** How the page hears of changes: by socket, by asking every 3 s, or not at all. */
type LiveState = 'live' | 'polling' | 'stale';
export type Live = { readonly state: LiveState; readonly staleSince: number | null };
export const BEAT_MS = 3000;
/** Two beats missed, with a second of grace. */
export const BEAT_GRACE_MS = 2 * BEAT_MS + 1000;
export const STALE_MS = 10_000;

/** Judges the line from what was heard last: a beat on the socket, or an answer to a poll. */
export function judgeLine(line: {
  readonly nowMs: number;
  readonly connected: boolean;
  readonly lastBeatMs: number;
  readonly lastAnswerMs: number;
}): Live {
  if (line.connected && line.nowMs - line.lastBeatMs <= BEAT_GRACE_MS) return { state: 'live', staleSince: null };
  const heard = Math.max(line.lastBeatMs, line.lastAnswerMs);
  if (line.nowMs - heard <= STALE_MS) return { state: 'polling', staleSince: null };
  return { state: 'stale', staleSince: heard };
}
