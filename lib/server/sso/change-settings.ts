// Server-only.
import type { SsoPatch, SsoSettings } from '#lib/contracts/sso.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { REAUTH_TTL_S } from '../auth/proven-recently.ts';
import {
  type ConfigDeps,
  type ConfigRefusal,
  type ConfigWrite,
  mayConfigure,
  refuse,
  writeConfig,
} from '../db/config-write.ts';
import type { Lookup } from '../egress/connector.ts';
import type { Env } from '../env.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { lockPeople } from '../people/lock-people.ts';
import { readSeparation } from '../people/read-separation.ts';
import { rememberSignInChange } from '../people/tie-person.ts';
import { openClient } from './open-client.ts';
import { readProvider, sealClientSecret } from './provider.ts';
import { isLoopbackUrl } from './provider-fetch.ts';
import { passwordsBar, readSsoSettings } from './read-settings.ts';

type Deps = ConfigDeps & { readonly env: Pick<Env, 'consoleUrl' | 'oidc'>; readonly lookup?: Lookup | undefined };

/**
 * Changes how people sign in; only an admin may, who has proven within five minutes that it is them: whoever names the
 * provider says who everybody is.
 *
 * A new provider is looked at first, by its discovery document, and refused when that does not answer as it should. A kept
 * secret goes to no other issuer and no other client. Passwords go off only once an admin has come in another way. Where
 * the host's environment names the provider, it cannot be changed here.
 */
export async function changeSsoSettings(
  deps: Deps,
  actor: ConfigActor,
  patch: SsoPatch,
): Promise<Result<SsoSettings, ConfigRefusal>> {
  if (!mayConfigure(actor)) return refuse('not-allowed', 'Only an admin may change this.');
  const fit = await judgeProvider(deps, patch);
  if (!fit.ok) return fit;
  return writeConfig<SsoSettings, ConfigRefusal>(deps, actor, async (write) => {
    if (!provenLately(write))
      return refuse('step-up-required', 'Prove again that it is you: this decides who gets in.');
    const { tx } = write;
    await lockPeople(tx);
    const row = await tx.signInSettings.findUniqueOrThrow({ where: { id: 1 } });
    if (patch.passwords === 'off' && row.passwords !== 'off') {
      const bar = await passwordsBar(tx);
      if (bar !== null) return refuse('conflict', bar);
    }
    const before = await readSsoSettings(tx, deps.env);
    await tx.signInSettings.update({
      where: { id: 1 },
      data: {
        ...(patch.passwords === undefined ? {} : { passwords: patch.passwords }),
        ...(patch.autoCreate === undefined ? {} : { autoCreate: patch.autoCreate }),
        ...(patch.mappings === undefined ? {} : { mappings: patch.mappings, ...(await whoMapped(write)) }),
        ...providerColumns(deps, patch.provider, row),
        updatedAt: write.now,
      },
    });
    if ((['provider', 'mappings', 'autoCreate'] as const).some((key) => patch[key] !== undefined))
      await rememberSignInChange(tx, personIdOf(actor));
    const after = await readSsoSettings(tx, deps.env);
    await recordEvent(tx, write.keys, {
      type: 'sign-in.changed',
      actor: auditActor(actor),
      detail: {
        changed: Object.keys(patch)
          .filter((key) => key !== 'reason')
          .join(' '),
        issuer: after.issuer,
        issuerBefore: before.issuer,
        passwords: after.passwords,
        passwordsBefore: before.passwords,
        autoCreate: after.autoCreate,
        mappings: JSON.stringify(after.mappings).slice(0, 1_000),
        reason: patch.reason,
      },
    });
    return ok(after);
  });
}

/** Outside the transaction, because it waits for a stranger. */
async function judgeProvider(deps: Deps, patch: SsoPatch): Promise<Result<null, ConfigRefusal>> {
  const { provider } = patch;
  if (provider === undefined) return ok(null);
  if (deps.env.oidc !== null) return refuse('conflict', 'The host’s OIDC_ variables name the provider.');
  if (provider === null) return ok(null);
  if (isLoopbackUrl(provider.issuer) && !isLoopbackUrl(deps.env.consoleUrl)) {
    return refuse('invalid-request', 'issuer: a provider on loopback is for a console on loopback');
  }
  const kept = await readProvider(deps.prisma, deps.keys, deps.env);
  const isSame = kept?.issuer === provider.issuer && kept.clientId === provider.clientId;
  const clientSecret = provider.clientSecret ?? (isSame ? kept.clientSecret : null);
  const client = await openClient(deps, { ...provider, clientSecret });
  if (!client.ok)
    return err({ code: 'sso-unavailable', detail: `Its discovery document was refused: ${client.error.why}.` });
  await client.value.close();
  return ok(null);
}

function providerColumns(
  deps: Deps,
  provider: SsoPatch['provider'],
  row: { readonly issuer: string | null; readonly clientId: string | null },
): Prisma.SignInSettingsUpdateInput {
  if (provider === undefined) return {};
  if (provider === null) return { ssoEnabled: false, issuer: null, clientId: null, clientSecret: null };
  const { issuer, clientId, clientSecret, scopes, groupsClaim, name } = provider;
  return {
    ssoEnabled: true,
    issuer,
    clientId,
    ...(clientSecret === undefined && row.issuer === issuer && row.clientId === clientId
      ? {}
      : {
          clientSecret: clientSecret === undefined ? null : new Uint8Array(sealClientSecret(deps.keys, clientSecret)),
        }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(groupsClaim === undefined ? {} : { groupsClaim }),
    ...(name === undefined ? {} : { name }),
  };
}

async function whoMapped({ tx, actor, now }: ConfigWrite) {
  const mappingsChangedSolo = (await readSeparation(tx)) === 'solo';
  return { mappingsChangedBy: personIdOf(actor), mappingsChangedAt: now, mappingsChangedSolo };
}

function provenLately({ actor, now }: ConfigWrite): boolean {
  return actor.kind === 'operator' || now.getTime() - actor.reauthAt.getTime() <= REAUTH_TTL_S * 1000;
}
