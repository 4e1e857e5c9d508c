// Next-only. What every change of a credential answers: how it stands now.
import 'server-only';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { viewCredential } from '#lib/server/credentials/read-credentials.ts';
import type { ConfigRefusal } from '#lib/server/db/config-write.ts';
import type { WebDeps } from './deps.ts';

/** The credential after the change, or why nothing changed. */
export async function answerCredential(
  deps: Pick<WebDeps, 'prisma'>,
  result: Result<{ readonly id: string }, ConfigRefusal>,
): Promise<Result<CredentialView, ConfigRefusal>> {
  if (!result.ok) return result;
  const view = await viewCredential(deps.prisma, result.value.id);
  return view === null ? err({ code: 'not-found' }) : ok(view);
}
