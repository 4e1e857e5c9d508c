import 'server-only';
import { countAttempt } from '#lib/server/auth/count-attempts.ts';
import type { WebDeps } from './deps.ts';

/** Whether this address may try another one-time link: whoever guesses tokens is slowed down before any work is done. */
export function mayTryLink(deps: WebDeps, address: string): Promise<boolean> {
  return countAttempt(deps.prisma, [{ key: `link:${address}`, limit: 60 }]);
}
