// The hard stop at the end, in a gateway that nobody tells anything: only the database's clock moves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type CredentialedUpstream, startCredentialedUpstream } from '#tests/fakes/credentialed-upstream.ts';
import { acceptLow, giveCredential, inDays, registerCredentialed } from '#tests/fixtures/credentials.ts';
import { agentWithToken, eventually, rawCall, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

const SECRET = 'alpha-canary-that-will-end';
let at: Installation;
let alpha: CredentialedUpstream;
let gateway: Gateway;
let token: string;

before(async () => {
  at = await openInstallation();
  alpha = await startCredentialedUpstream();
  await registerCredentialed(at, 'alpha', alpha.port, alpha.url);
  alpha.accepts = (headers) => headers.authorization === `Bearer ${SECRET}`;
  await giveCredential(at, { server: 'alpha', config: { kind: 'bearer' }, secret: SECRET, endsAt: inDays(30) });
  await acceptLow(at, 'alpha');
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['alpha'] }, '/mcp/alpha'));
});
after(async () => {
  await gateway?.close();
  await alpha?.close();
  await at?.close();
});

const call = async (): Promise<string> => {
  const params = { name: 'echo', arguments: {} };
  return (await rawCall(gateway, '/mcp/alpha', token, { id: 1, method: 'tools/call', params })).text;
};
const version = async () => {
  const [row] = await at.prisma.$queryRaw<{ version: bigint }[]>`SELECT version FROM config_head`;
  return row?.version;
};

test('a credential in use, its lease at hand, stops at its end without any change of the configuration', async () => {
  await at.prisma
    .$executeRaw`UPDATE credentials SET ends_at = clock_timestamp() + interval '6 seconds' WHERE name = 'alpha-key'`;
  gateway = await startTestGateway(at);
  const before = await version();
  await eventually('a first call with it', async () => /done/.test(await call()));
  assert.equal(alpha.calls.at(-1), `Bearer ${SECRET}`);
  await eventually('the hard stop', async () => /credential-ended/.test(await call()));
  const [row] = await at.prisma.$queryRaw<{ over: boolean }[]>`
    SELECT ends_at <= clock_timestamp() AS over FROM credentials WHERE name = 'alpha-key'`;
  assert.equal(row?.over, true, 'never before its end');
  const seen = alpha.seen.length;
  for (let round = 0; round < 3; round++) assert.match(await call(), /credential-ended/);
  assert.equal(alpha.seen.length, seen, 'nothing is sent any more');
  assert.equal(await version(), before, 'nobody told the gateway anything');
});
