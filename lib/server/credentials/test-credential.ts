// Server-only.
import type { CredentialTest } from '#lib/contracts/credentials.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigRefusal, mayConfigure, refuse } from '../db/config-write.ts';
import { findCredential } from './find-credential.ts';
import { tryVersion } from './rotate-credential.ts';

/** Asks the server with the version in use: its handshake and its list of tools. Changes nothing. */
export async function testCredential(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
): Promise<Result<CredentialTest, ConfigRefusal>> {
  if (!mayConfigure(actor)) return refuse('not-allowed', 'Only an admin may test a credential.');
  const found = await findCredential(deps.prisma, idOrName);
  if (found === null || found.retiredAt !== null) return refuse('not-found', 'There is no such credential.');
  const current = found.secrets.find((one) => one.state === 'current');
  if (current === undefined) return refuse('credential-unavailable', 'It has no version in use.');
  const tried = await tryVersion(deps, found, current.version);
  if (!tried.ok) return ok({ ok: false, tools: null, detail: tried.error });
  return ok({ ok: true, tools: tried.value.tools, detail: `The server lists ${tried.value.tools} tools.` });
}
