// Next-only.
import type { StepUpDeps } from '#lib/server/passkeys/verify-assertion.ts';
import type { WebDeps } from './deps.ts';

/** What passkeys are verified with. */
export function stepUpDeps({ prisma, keys, env }: WebDeps): StepUpDeps {
  return { prisma, keys, consoleUrl: env.consoleUrl };
}

/** Where the browser is: passkeys belong to a host name. */
export function hostOf(request: Request): string | null {
  return request.headers.get('host');
}
