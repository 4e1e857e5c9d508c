// Server-only. A command line signs in: it shows a code, and a person who is signed in confirms that code in the console.
import { createHash, randomBytes, randomInt, randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { CliLoginAnswer } from '#lib/contracts/sessions.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { countAttempt } from './count-attempts.ts';
import { provenRecently } from './proven-recently.ts';

type Deps = { readonly prisma: Database; readonly keys: Keys };
export type CliLoginStarted = {
  readonly deviceCode: string;
  readonly code: string;
  readonly url: string;
  readonly expiresAt: string;
  readonly pollAfterMs: number;
};
export type CliLoginInfo = {
  readonly client: string;
  readonly address: string;
  readonly createdAt: string;
  readonly expiresAt: string;
};

/** No vowels, so that no code is a word: 20^8 codes, of which a person may try 20 in a quarter of an hour. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const CODE_LENGTH = 8;
const LOGIN_TTL_S = 600;
const TOKEN_TTL_S = 12 * 3600;
const POLL_MS = 2_000;

/** Begins: a secret that the command line keeps, and a code for the person. Both live ten minutes. */
export async function startCliLogin(
  deps: Deps & { readonly consoleUrl: string },
  input: { readonly client: string; readonly address: string },
): Promise<Result<CliLoginStarted, Refusal>> {
  if (!(await countAttempt(deps.prisma, [{ key: `cli:${input.address}`, limit: 30 }])))
    return err({ code: 'rate-limited' });
  const deviceCode = randomBytes(32).toString('base64url');
  const code = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const rows = await deps.prisma.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO cli_logins (id, device_hash, code_hash, client, address, created_at, expires_at)
    SELECT ${randomUUIDv7()}::uuid, ${hashOf(deviceCode)}, ${hashOf(code)}, ${input.client.slice(0, 100)},
           ${input.address}, t.now, t.now + make_interval(secs => ${LOGIN_TTL_S})
    FROM (SELECT clock_timestamp() AS now) t RETURNING expires_at`;
  await deps.prisma.$executeRaw`
    DELETE FROM cli_logins WHERE expires_at < clock_timestamp() - interval '1 day'`;
  const row = rows[0];
  if (row === undefined) throw new Error('The login was not written.');
  const shown = `${code.slice(0, 4)}-${code.slice(4)}`;
  return ok({
    deviceCode,
    code: shown,
    url: `${deps.consoleUrl}/settings/command-line?code=${shown}`,
    expiresAt: row.expires_at.toISOString(),
    pollAfterMs: POLL_MS,
  });
}

/** What a code belongs to, before the person confirms it; they compare it with what stands on their own screen. */
export async function describeCliLogin(
  deps: Deps,
  person: HumanPrincipal,
  code: string,
): Promise<Result<CliLoginInfo, Refusal>> {
  if (!(await mayTryCode(deps, person))) return err({ code: 'rate-limited' });
  const rows = await deps.prisma.$queryRaw<{ client: string; address: string; created_at: Date; expires_at: Date }[]>`
    SELECT client, address, created_at, expires_at FROM cli_logins
    WHERE code_hash = ${hashOf(code)} AND confirmed_at IS NULL AND refused_at IS NULL
      AND expires_at > clock_timestamp()`;
  const row = rows[0];
  if (row === undefined) return err({ code: 'not-found', detail: 'No command line waits with this code.' });
  const { client, address, created_at, expires_at } = row;
  return ok({ client, address, createdAt: created_at.toISOString(), expiresAt: expires_at.toISOString() });
}

/**
 * Confirms or refuses a code, once.
 * Only from a browser: a stolen token must not be able to make itself a second one that lives longer. Confirming needs a
 * proof within the last five minutes, as the token may outlast what the browser's borrower has of it; refusing does not.
 */
export async function decideCliLogin(
  deps: Deps,
  person: HumanPrincipal,
  input: { readonly code: string; readonly confirm: boolean },
): Promise<Result<{ readonly confirmed: boolean }, Refusal>> {
  if (!(await mayTryCode(deps, person))) return err({ code: 'rate-limited' });
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly confirmed: boolean }, Refusal>> => {
    const session = await tx.personSession.findUnique({ where: { id: person.sessionId } });
    if (session?.kind !== 'browser') return err({ code: 'not-allowed', detail: 'Confirm it in the console.' });
    if (input.confirm && !(await provenRecently(tx, person))) {
      return err({ code: 'step-up-required', detail: 'Prove again that it is you to sign a command line in.' });
    }
    const rows = input.confirm
      ? await tx.$queryRaw<{ client: string; address: string }[]>`
          UPDATE cli_logins SET confirmed_by = ${person.id}::uuid, confirmed_at = clock_timestamp(),
            sign_in_id = ${session.signInId}::uuid
          WHERE code_hash = ${hashOf(input.code)} AND confirmed_at IS NULL AND refused_at IS NULL
            AND expires_at > clock_timestamp() RETURNING client, address`
      : await tx.$queryRaw<{ client: string; address: string }[]>`
          UPDATE cli_logins SET refused_at = clock_timestamp()
          WHERE code_hash = ${hashOf(input.code)} AND confirmed_at IS NULL AND refused_at IS NULL
            AND expires_at > clock_timestamp() RETURNING client, address`;
    const row = rows[0];
    if (row === undefined) return err({ code: 'not-found', detail: 'No command line waits with this code.' });
    if (input.confirm) {
      await recordEvent(tx, deps.keys, {
        type: 'person.cli-confirmed',
        actor: auditActor(person),
        detail: { client: row.client, address: row.address },
      });
    }
    return ok({ confirmed: input.confirm });
  });
}

/**
 * The command line asks whether it is confirmed; the token is in the first answer after that, and never again.
 * Twelve hours at most, a session of kind `cli` of the person who confirmed: it ends with the sign-in of the browser that
 * confirmed it, and is not made once that was signed out or revoked. It has proven no password, so whatever asks for one
 * asks it too.
 */
export async function pollCliLogin(
  deps: Deps,
  input: { readonly deviceCode: string; readonly address: string },
): Promise<Result<CliLoginAnswer, Refusal>> {
  if (!(await countAttempt(deps.prisma, [{ key: `cli-poll:${input.address}`, limit: 2_000 }]))) {
    return err({ code: 'rate-limited' });
  }
  return withTx(deps.prisma, async (tx): Promise<Result<CliLoginAnswer, Refusal>> => {
    const rows = await tx.$queryRaw<
      { id: string; person: string | null; sign_in: string | null; client: string; refused: boolean }[]
    >`
      SELECT id::text, confirmed_by::text AS person, sign_in_id::text AS sign_in, client, refused_at IS NOT NULL AS refused FROM cli_logins
      WHERE device_hash = ${hashOf(input.deviceCode)} AND used_at IS NULL AND expires_at > clock_timestamp() FOR UPDATE`;
    const row = rows[0];
    if (row === undefined) return err({ code: 'link-invalid', detail: 'The code has ended: start again.' });
    if (row.refused) return err({ code: 'not-allowed', detail: 'The code was refused in the console.' });
    if (row.person === null) return ok({ status: 'pending', pollAfterMs: POLL_MS });
    await tx.$executeRaw`UPDATE cli_logins SET used_at = clock_timestamp() WHERE id = ${row.id}::uuid`;
    const person = await tx.person.findUniqueOrThrow({ where: { id: row.person } });
    if (person.status !== 'active' || !(await isSignInLive(tx, row.sign_in))) return err({ code: 'not-signed-in' });
    const token = `csh_${randomBytes(32).toString('base64url')}`;
    const sessionId = randomUUIDv7();
    const made = await tx.$queryRaw<{ expires_at: Date }[]>`
      INSERT INTO person_sessions (id, person_id, kind, method, token_hash, address, user_agent, created_at, reauth_at,
        last_seen_at, expires_at, sign_in_id)
      SELECT ${sessionId}::uuid, ${person.id}::uuid, 'cli', 'cli', ${sha256(token)}, ${input.address}, ${row.client},
             t.now, to_timestamp(0), t.now, t.now + make_interval(secs => ${TOKEN_TTL_S}), ${row.sign_in}::uuid
      FROM (SELECT clock_timestamp() AS now) t RETURNING expires_at`;
    const session = made[0];
    if (session === undefined) throw new Error('The session row was not written.');
    await recordEvent(tx, deps.keys, {
      type: 'person.signed-in',
      actor: { type: 'person', id: person.id, name: person.name },
      detail: { address: input.address, sessionId, method: 'cli' },
    });
    const expiresAt = session.expires_at.toISOString();
    return ok({ status: 'signed-in', token, sessionId, email: person.email, expiresAt });
  });
}

/** Whether the browser that confirmed was neither signed out nor revoked; its row is held until the token's is there. */
async function isSignInLive(tx: Tx, signInId: string | null): Promise<boolean> {
  const rows = await tx.$queryRaw<{ revoked: boolean }[]>`
    SELECT revoked_at IS NOT NULL AS revoked FROM person_sessions
    WHERE sign_in_id = ${signInId}::uuid AND kind = 'browser' ORDER BY id FOR SHARE`;
  return rows.length > 0 && rows.every((row) => !row.revoked);
}

function mayTryCode(deps: Deps, person: HumanPrincipal): Promise<boolean> {
  return countAttempt(deps.prisma, [{ key: `cli-code:${person.id}`, limit: 20 }]);
}

function hashOf(secret: string): string {
  return sha256(`countersign/cli-login/${secret}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
