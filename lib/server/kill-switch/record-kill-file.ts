// Server-only. What the KILL file stops is stopped in the database as well, as soon as it answers.
import type { OperatorPrincipal } from '#lib/core/identity/principals.ts';
import { formatScope } from '#lib/core/kill-switch/scopes.ts';
import type { Database } from '../db/prisma.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { kill } from './kill.ts';
import { watchKillFile } from './kill-file.ts';

const RETRY_MS = 500;
const OPERATOR: OperatorPrincipal = { kind: 'operator', name: 'KILL file' };

/**
 * Carries every scope that appears in `<dataDir>/KILL` into the log and the database.
 *
 * The file alone stops the gateways of one host and leaves no trace: requests it interrupted could be approved and run
 * once it is gone, and whoever takes it away would have restored alone. Written down, the kill voids them, reaches every
 * gateway and ends like any other: by two people. A scope that is on already is left as it is.
 */
export function recordKillFile(
  deps: { readonly prisma: Database; readonly keys: Keys; readonly log: Log },
  dataDir: string,
): { close(): Promise<void> } {
  const waiting = new Set<string>();
  let named = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let closed = false;

  async function recordAll(): Promise<void> {
    for (const scope of waiting) {
      try {
        const state = await deps.prisma.killState.findUnique({ where: { scope } });
        if (state?.on !== true) {
          const killed = await kill(deps, OPERATOR, { scope, reason: 'The KILL file on the host names it.' });
          // A name that nothing here has: it stops nothing in the database, and what the file says goes on applying.
          if (!killed.ok)
            deps.log.warn({ scope, code: killed.error.code }, 'a scope of the KILL file was not recorded');
        }
        waiting.delete(scope);
      } catch (error) {
        deps.log.warn({ err: error, scope }, 'the KILL file could not be recorded yet; it applies all the same');
        return;
      }
    }
  }

  function start(): void {
    timer = undefined;
    running ??= recordAll().finally(() => {
      running = null;
      if (waiting.size > 0 && !closed) timer ??= setTimeout(start, RETRY_MS);
    });
  }

  const file = watchKillFile(dataDir, (scopes) => {
    const now = new Set(scopes.map(formatScope));
    for (const scope of now) if (!named.has(scope)) waiting.add(scope);
    named = now;
    if (waiting.size > 0 && timer === undefined) start();
  });

  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      file.close();
      await running;
    },
  };
}
