// X01: the credential of server A as an argument to B. X09: the same inside a name, a session or a reason, where the log,
// the answers and every table would keep it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callAnswerSchema } from '#lib/contracts/calls.ts';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type CredentialedUpstream, startCredentialedUpstream } from '#tests/fakes/credentialed-upstream.ts';
import { acceptLow, giveCredential, inDays, registerCredentialed } from '#tests/fixtures/credentials.ts';
import { agentWithToken, eventually, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

const ALPHA = 'alpha-secret-0a1b2c3d4e5f-"q"/x';
const NEXT = 'alpha-secret-9z8y7x6w5v4u-next';

let at: Installation;
let alpha: CredentialedUpstream;
let beta: CredentialedUpstream;
let gateway: Gateway;
let token: string;

before(async () => {
  at = await openInstallation();
  [alpha, beta] = [await startCredentialedUpstream(), await startCredentialedUpstream()];
  await registerCredentialed(at, 'alpha', alpha.port, alpha.url);
  await registerCredentialed(at, 'beta', beta.port, beta.url);
  alpha.accepts = (headers) => /^Bearer alpha-secret-/.test(headers.authorization ?? '');
  await giveCredential(at, { server: 'alpha', config: { kind: 'bearer' }, secret: ALPHA, endsAt: inDays(30) });
  await acceptLow(at, 'alpha');
  await acceptLow(at, 'beta');
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['alpha', 'beta'] }, '/api/v1/calls'));
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await alpha?.close();
  await beta?.close();
  await at?.close();
});

async function ask(body: Record<string, unknown>): Promise<{ readonly code: string; readonly text: string }> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ server: 'beta', tool: 'echo', arguments: {}, ...body }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return { code: callAnswerSchema.parse(JSON.parse(text)).code, text };
}

/** The tables in which the secret, or its hexadecimal form, stands in a readable column. */
async function tablesWith(secret: string): Promise<readonly string[]> {
  const tables = await at.prisma.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(table_name) AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await at.prisma.$queryRawUnsafe<{ n: bigint }[]>(
      `SELECT count(*) AS n FROM ${name} t WHERE position($1 in t::text) > 0 OR position($2 in t::text) > 0`,
      secret,
      Buffer.from(secret).toString('hex'),
    );
    if ((rows[0]?.n ?? 0n) > 0n) found.push(name);
  }
  return found;
}

test('X01 the credential of a server is no argument, to another server or its own, in any spelling', async () => {
  for (const spelled of [
    ALPHA,
    `Authorization: Bearer ${ALPHA}\n`,
    encodeURIComponent(ALPHA),
    encodeURIComponent(ALPHA).toLowerCase(),
    encodeURIComponent(ALPHA).replaceAll('%2F', '/').replaceAll('-', '%2d'),
    Buffer.from(ALPHA).toString('base64'),
    Buffer.from(`user:${ALPHA}`).toString('base64url'),
    Buffer.from(ALPHA).toString('hex'),
  ]) {
    for (const server of ['beta', 'alpha']) {
      const { code } = await ask({ server, arguments: { deep: [{ text: spelled }] } });
      assert.equal(code, 'credential-in-call', spelled);
    }
  }
  assert.equal((await ask({ arguments: { [ALPHA]: 1 } })).code, 'credential-in-call', 'nor a name of one');
  const events = await recordedEvents(at.prisma);
  const leak = events.find(({ type }) => type === 'credential.leaked');
  assert.match(leak?.text ?? '', /alpha/);
  assert.equal(
    events.filter(({ type }) => type === 'call.refused').length,
    events.filter(({ type }) => type === 'credential.leaked').length,
  );
});

test('what is no credential of the vault passes, however like one it looks', async () => {
  const { code } = await ask({ arguments: { text: `${ALPHA.slice(0, -1)}y`, other: 'alpha-secret-' } });
  assert.equal(code, 'allowed');
});

test('X09 a credential in a name, a session, a reason or a person is in no answer, no table and no line of the log', async () => {
  for (const body of [
    { tool: ALPHA },
    { server: ALPHA },
    { session: ALPHA },
    { reason: `because ${ALPHA}` },
    { onBehalfOf: ALPHA },
    { idempotencyKey: ALPHA, reason: ALPHA },
  ]) {
    const { code, text } = await ask(body);
    assert.equal(code, 'credential-in-call', JSON.stringify(body));
    assert.ok(!text.includes('alpha-secret'), text);
  }
  assert.equal(
    (await ask({ idempotencyKey: `once ${ALPHA}` })).code,
    'allowed',
    'a key goes nowhere but into its hash',
  );
  await eventually('the last refusal on record', async () => {
    const refused = (await recordedEvents(at.prisma)).filter(({ type }) => type === 'credential.leaked');
    return refused.length >= 23;
  });
  assert.deepEqual(await tablesWith('alpha-secret-0a1b2c3d4e5f'), []);
});

test('a credential is known from the moment it is given, and an old one until its overlap ends', async () => {
  assert.equal((await ask({ arguments: { text: NEXT } })).code, 'allowed');
  const credential = await at.prisma.credential.findFirstOrThrow();
  const rotated = await rotateCredential(at, at.admin, credential.id, {
    secret: NEXT,
    reason: 'rotation',
  });
  assert.ok(rotated.ok, JSON.stringify(rotated));
  await eventually('the gateway knows it', async () => {
    const { code } = await ask({ arguments: { text: NEXT } });
    return code === 'credential-in-call';
  });
  assert.equal((await ask({ arguments: { text: ALPHA } })).code, 'credential-in-call');
});
