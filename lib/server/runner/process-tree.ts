// Server-only. What a child and everything below it use, from /proc. Elsewhere than on Linux nothing is known.
import { readdirSync, readFileSync } from 'node:fs';

export type TreeUse = { readonly pids: readonly number[]; readonly rssBytes: number; readonly cpuMs: number };

const PAGE_BYTES = 4096;
/** USER_HZ: what /proc counts processor time in, on every Linux that Node runs on. */
const TICK_MS = 10;

/** Walks down from a process. Stops at `most` processes: a fork bomb must not keep the watcher busy. */
export function treeUse(root: number, most: number): TreeUse {
  const pids: number[] = [];
  let rssBytes = 0;
  let cpuMs = 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined && pids.length <= most; pid = waiting.pop()) {
    const stat = statOf(pid);
    if (stat === null) continue;
    pids.push(pid);
    rssBytes += stat.rssBytes;
    cpuMs += stat.cpuMs;
    waiting.push(...childrenOf(pid));
  }
  return { pids, rssBytes, cpuMs };
}

/** Ends what carries the mark in its environment: processes that left the group and the tree on purpose. */
export function killMarked(mark: string, spare: number): void {
  for (const pid of markedWith(mark)) {
    if (pid !== spare) killQuietly(pid);
  }
}

function markedWith(mark: string): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** SIGKILL to a process, or to a group when negative, that may be gone already. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function statOf(pid: number): { readonly rssBytes: number; readonly cpuMs: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses is the process's own choice and may hold spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    // Processor time of children that ended counts too: otherwise short-lived ones would burn unseen.
    const ticks = field(14) + field(15) + field(16) + field(17);
    return { rssBytes: field(24) * PAGE_BYTES, cpuMs: ticks * TICK_MS };
  } catch {
    return null;
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1')
        .split(' ')
        .flatMap((text) => (text === '' ? [] : [Number(text)])),
    );
  } catch {
    return [];
  }
}
