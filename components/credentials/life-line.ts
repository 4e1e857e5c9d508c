import type { CredentialView } from '#lib/contracts/credentials.ts';
import { REMINDER_DAYS } from '#lib/core/credentials/kinds.ts';

const DAY_MS = 86_400_000;

/** One mark on the line of a credential's life, at a share of its length. */
export type Mark = { readonly at: number; readonly kind: 'version' | 'reminder' | 'rotation'; readonly text: string };
type LifeLine = {
  readonly startMs: number;
  readonly endMs: number;
  /** Where today stands, from 0 to 1. */
  readonly today: number;
  readonly marks: readonly Mark[];
};

/**
 * A credential's life as a line: from its making to its end, or to its next rotation where it has no end; null where there
 * is neither and so nothing to draw.
 */
export function lifeLine(credential: CredentialView, nowMs: number): LifeLine | null {
  const startMs = Date.parse(credential.createdAt);
  const until = credential.endsAt ?? credential.nextRotationAt;
  if (until === null) return null;
  const endMs = Math.max(Date.parse(until), startMs + 1);
  const share = (ms: number) => (ms - startMs) / (endMs - startMs);
  const marks: Mark[] = credential.versions
    .filter(({ version }) => version > 1)
    .map(({ version, createdAt }) => ({
      at: share(Date.parse(createdAt)),
      kind: 'version',
      text: `version ${version}`,
    }));
  if (credential.endsAt !== null) {
    for (const days of REMINDER_DAYS) {
      marks.push({ at: share(endMs - days * DAY_MS), kind: 'reminder', text: `reminder, ${days} d before` });
    }
    if (credential.nextRotationAt !== null) {
      marks.push({ at: share(Date.parse(credential.nextRotationAt)), kind: 'rotation', text: 'next rotation' });
    }
  }
  const inside = marks.filter(({ at }) => at > 0 && at < 1).toSorted((a, b) => a.at - b.at);
  return { startMs, endMs, today: Math.min(1, Math.max(0, share(nowMs))), marks: inside };
}
