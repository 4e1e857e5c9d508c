import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';

/** Two sounds, told apart by pitch and number: somebody who does not look hears whether it is urgent. */
export type Tone = 'high' | 'other';
type Row = Pick<ApprovalSummary, 'id' | 'tier' | 'status' | 'requestedAt'>;

/** However many requests come, in however many tabs of a browser. */
export const CHIME_REST_MS = 10_000;
/** A row that was asked for longer ago came with another page of the list, not from an agent just now. */
const NEWS_MS = 60_000;

/**
 * Which sound the list asks for now, and which rows are known from here on. `known` is null before the first list, which is
 * silent: nobody is told of what they are about to read. At most one sound in {@link CHIME_REST_MS} ms, so that a flood of
 * requests is no siren. All times in milliseconds.
 */
export function judgeChime(
  known: ReadonlySet<string> | null,
  rows: readonly Row[],
  at: { readonly nowMs: number; readonly lastMs: number },
): { readonly known: ReadonlySet<string>; readonly tone: Tone | null } {
  const next = new Set(rows.map(({ id }) => id));
  if (known === null || at.nowMs - at.lastMs < CHIME_REST_MS) return { known: next, tone: null };
  const news = rows.filter(
    ({ id, status, requestedAt }) =>
      status === 'pending' && !known.has(id) && at.nowMs - Date.parse(requestedAt) < NEWS_MS,
  );
  if (news.length === 0) return { known: next, tone: null };
  return { known: next, tone: news.some(({ tier }) => tier === 'high') ? 'high' : 'other' };
}
