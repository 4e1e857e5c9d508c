// Server-only. What the runner remembers of each server's children: how they run, and how they ended.
import type { Log } from '../log.ts';
import { addCrash, type CrashRecord, LOOP_CRASHES, mayStart, NO_CRASHES } from './crash-record.ts';
import type { ChildExit } from './runner-client.ts';
import type { RunnerOptions } from './runner-options.ts';
import type { RunnerStatus } from './runner-status.ts';
import type { SpawnedChild } from './spawn-child.ts';

const MOST_KNOWN = 1_000;

/** What is known of one server under one configuration. */
export type Known = {
  readonly server: string;
  crashes: CrashRecord;
  readonly children: Map<SpawnedChild, { readonly startedAt: Date; readonly secrets: readonly string[] }>;
  lastExit: RunnerStatus['lastExit'];
  stderr: string;
};

/** Notes an end that nobody asked for. */
export function crashed(one: Known, exit: ChildExit, log: Log): void {
  one.crashes = addCrash(one.crashes, performance.now());
  const { code, signal, reason } = exit;
  log.warn({ server: one.server, code, signal, reason, crashes: one.crashes.at.length }, 'a stdio server ended');
}

/** The record of a server under one configuration, made when there is none; idle ones go when there are too many. */
export function knownOf(known: Map<string, Known>, key: string, server: string): Known {
  const present = known.get(key);
  if (present !== undefined) return present;
  for (const [old, { children }] of known) {
    if (known.size < MOST_KNOWN) break;
    if (children.size === 0) known.delete(old);
  }
  const made: Known = { server, crashes: NO_CRASHES, children: new Map(), lastExit: null, stderr: '' };
  known.set(key, made);
  return made;
}

/** How a server's children are, as its page shows it; secrets are taken out of what they print. */
export function statusOf(
  name: string,
  options: Pick<RunnerOptions, 'sandbox' | 'sandboxMode' | 'limits'>,
  known: ReadonlyMap<string, Known>,
): RunnerStatus {
  const all = [...known.values()].filter((one) => one.server === name);
  const now = performance.now();
  const rest = Math.max(0, ...all.map((one) => restOf(one, now)));
  const live = all.flatMap((one) => [...one.children]);
  const [latest] = live.map(([child, { secrets }]) => child.stderr.text(secrets)).filter((text) => text !== '');
  const { sandbox, sandboxMode, limits } = options;
  return {
    sandbox: sandbox.kind === 'none' ? sandbox : { kind: 'bubblewrap', version: sandbox.version },
    sandboxMode,
    limits,
    children: live.map(([child, { startedAt }]) => ({
      pid: child.pid,
      startedAt: startedAt.toISOString(),
      rssMiB: Math.round(child.use().rssBytes / 1024 / 1024),
      processes: child.use().pids.length,
    })),
    crashes: all.reduce((sum, one) => sum + one.crashes.at.length, 0),
    crashLoopUntil: rest > 0 ? new Date(Date.now() + rest).toISOString() : null,
    lastExit: all.map((one) => one.lastExit).findLast((exit) => exit !== null) ?? null,
    stderr: latest ?? all.map((one) => one.stderr).findLast((text) => text !== '') ?? '',
  };
}

function restOf(one: Known, nowMs: number): number {
  if (one.crashes.at.length < LOOP_CRASHES) return 0;
  const when = mayStart(one.crashes, nowMs);
  return when.kind === 'loop' ? when.forMs : 0;
}
