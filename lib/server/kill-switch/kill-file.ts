// Server-only. A kill that needs neither console nor database: a file on the gateway's host.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type KillScope, parseScope } from '#lib/core/kill-switch/scopes.ts';

const POLL_MS = 250;

export type KillFile = { scopes(): readonly KillScope[]; close(): void };

/**
 * Reads `<dataDir>/KILL`, one scope a line, each quarter second, and reports every change.
 *
 * A line that is no scope stops everything, and so does a file that cannot be read: whoever made it meant to stop
 * something. Blank lines and lines that start with `#` are skipped; an empty file stops everything too.
 */
export function watchKillFile(dataDir: string, onChange: (scopes: readonly KillScope[]) => void): KillFile {
  const path = join(dataDir, 'KILL');
  let stamp = '';
  let scopes: readonly KillScope[] = [];

  const look = () => {
    const next = stampOf(path);
    if (next === stamp) return;
    stamp = next;
    scopes = next === 'absent' ? [] : readScopes(path);
    onChange(scopes);
  };
  stamp = 'absent';
  look();
  const timer = setInterval(look, POLL_MS);
  timer.unref();
  return { scopes: () => scopes, close: () => clearInterval(timer) };
}

function stampOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? 'absent' : `${stat.mtimeNs}.${stat.size}.${stat.ino}`;
  } catch {
    return 'unreadable';
  }
}

function readScopes(path: string): readonly KillScope[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [{ kind: 'everything' }];
  }
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) return [{ kind: 'everything' }];
  return lines.map((line) => {
    const scope = parseScope(line);
    return scope.ok ? scope.value : { kind: 'everything' };
  });
}
