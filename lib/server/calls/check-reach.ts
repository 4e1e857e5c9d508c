// Server-only. Step 5: is the upstream on the allowlist.
import { createEntriesFor, GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { judgeUrl } from '#lib/core/egress/judge-url.ts';
import { attemptAt } from '../egress/attempt-at.ts';
import type { AttemptBook } from '../egress/record-attempt.ts';
import type { Snapshot, SnapshotEgress, SnapshotServer } from '../snapshot/snapshot.ts';
import type { StepRefusal } from './attempt.ts';

export type ReachCheck = (snapshot: Snapshot, server: SnapshotServer) => StepRefusal | null;

type Remembered = { readonly entries: readonly SnapshotEgress[]; readonly reachableUntilMs: number };

/**
 * Makes the check. A verdict is remembered until the allowlist changes or the entry ends; the connector judges again,
 * with the resolved address, whenever it connects.
 */
export function createReachCheck(
  note: AttemptBook['note'] = () => undefined,
  now: () => number = Date.now,
): ReachCheck {
  const remembered = new Map<string, Remembered>();
  const entriesFor = createEntriesFor<SnapshotEgress>();
  return (snapshot, server) => {
    if (server.transport !== 'http') return null;
    if (server.url === null) return { code: 'egress-denied' };
    const known = remembered.get(server.url);
    if (known !== undefined && known.entries === snapshot.egress && now() < known.reachableUntilMs) return null;
    const judged = judgeUrl(server.url, entriesFor(snapshot.egress, GATEWAY_IDENTITY), now());
    if (!judged.ok) {
      remembered.delete(server.url);
      note({ identity: GATEWAY_IDENTITY, ...attemptAt(server.url), verdict: 'denied', reason: judged.error.reason });
      return { code: 'egress-denied' };
    }
    remembered.set(server.url, {
      entries: snapshot.egress,
      reachableUntilMs: judged.value.entry.expiresAt ?? Number.POSITIVE_INFINITY,
    });
    return null;
  };
}
