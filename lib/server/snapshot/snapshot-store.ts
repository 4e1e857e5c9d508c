// Server-only.
import type pg from 'pg';
import type { Log } from '../log.ts';
import { loadSnapshot } from './load-snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** How long a snapshot may lag behind the version that the lease reports before calls are denied: what was revoked meanwhile is not known. */
const STALE_AFTER_MS = 1_000;

export type SnapshotStore = {
  current(): Snapshot;
  /** Whether the snapshot is the configuration in force, or was until a moment ago. */
  isFresh(nowMs: number): boolean;
  /** The lease or a notification says that this version (or a newer one) is in force. */
  newerSeen(version: bigint): void;
  /** Reads again; concurrent requests share the read that starts after them. */
  reload(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Holds the newest snapshot and swaps it whole.
 *
 * A reload that fails leaves the old snapshot in place and is tried again; when the lag lasts, `isFresh` says no and the
 * door denies: a revoked agent must not live on because a read failed.
 */
export async function createSnapshotStore(pool: pg.Pool, log: Log): Promise<SnapshotStore> {
  let current = await loadSnapshot(pool);
  let wanted = current.version;
  let staleSinceMs: number | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function readUntilCurrent(): Promise<void> {
    do {
      again = false;
      try {
        const next = await loadSnapshot(pool);
        if (next.version >= current.version) current = next;
        if (current.version >= wanted) staleSinceMs = null;
      } catch (error) {
        log.error({ err: error }, 'the configuration could not be read');
        clearTimeout(retry);
        if (!closed) retry = setTimeout(() => void reload(), 500);
      }
    } while (again && !closed);
  }

  function reload(): Promise<void> {
    if (running !== null) {
      again = true;
      return running;
    }
    running = readUntilCurrent().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    current: () => current,
    isFresh: (nowMs) => staleSinceMs === null || nowMs - staleSinceMs < STALE_AFTER_MS,
    newerSeen: (version) => {
      if (version <= current.version) return;
      if (version > wanted) wanted = version;
      staleSinceMs ??= performance.now();
      if (running === null) void reload();
    },
    reload,
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await running;
    },
  };
}
