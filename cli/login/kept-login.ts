// The token of a person at this machine, in ~/.config/countersign/login.json: theirs alone to read.
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const keptSchema = z.object({
  consoleUrl: z.url(),
  token: z.string().regex(/^csh_[A-Za-z0-9_-]{43}$/),
  sessionId: z.uuid(),
  email: z.string(),
  expiresAt: z.iso.datetime(),
});
export type KeptLogin = z.infer<typeof keptSchema>;

export function keptLoginPath(): string {
  return join(homedir(), '.config', 'countersign', 'login.json');
}

/** Keeps it with mode 0600 in a directory of mode 0700; a half-written file never stands in its place. */
export function keepLogin(login: KeptLogin): void {
  const path = keptLoginPath();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** The kept login; null when there is none, it has ended, or others may read the file: then it may be theirs, too. */
export function readKeptLogin(nowMs: number): KeptLogin | null {
  try {
    const path = keptLoginPath();
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) return null;
    const kept = keptSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return Date.parse(kept.expiresAt) > nowMs ? kept : null;
  } catch {
    return null;
  }
}

export function forgetLogin(): void {
  rmSync(keptLoginPath(), { force: true });
}
