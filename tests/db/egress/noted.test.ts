// Whatever the gateway's own machinery asks for, beside calls, is noted like a call: what it reached, and what it was refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { leaseForScan } from '#lib/server/credentials/scan-lease.ts';
import { listAttempts } from '#lib/server/egress/list-attempts.ts';
import { openProviderFetch } from '#lib/server/sso/provider-fetch.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { allowLoopback, giveCredential, registerCredentialed } from '#tests/fixtures/credentials.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let provider: Tripwire;
before(async () => {
  at = await openInstallation();
  provider = await startTripwire();
});
after(async () => {
  await provider?.close();
  await at?.close();
});

const verdicts = async (port: number) =>
  (await listAttempts(at.prisma, { limit: 50 })).items.filter((one) => one.port === port).map((one) => one.verdict);

test('a sign-in provider’s own origin is noted, and so is an endpoint that its document named elsewhere', async () => {
  const way = await openProviderFetch(at, `http://127.0.0.1:${provider.port}`);
  assert.equal((await way.fetch(`http://127.0.0.1:${provider.port}/`)).status, 200);
  await assert.rejects(async () => way.fetch('https://keys.example.com:8443/jwks'));
  await way.close();
  assert.deepEqual(await verdicts(provider.port), ['allowed']);
  assert.deepEqual(await verdicts(8443), ['denied']);
});

test('a token that a scan mints leaves its trace', async () => {
  const minting = await startTripwire();
  const tokenUrl = `http://127.0.0.1:${minting.port}/token`;
  await allowLoopback(at, minting.port, '/token');
  await registerCredentialed(at, 'alpha', provider.port, `http://127.0.0.1:${provider.port}/mcp`);
  const clientAuth = 'private_key_jwt' as const;
  await giveCredential(at, {
    server: 'alpha',
    config: { kind: 'oauth-client-credentials', tokenUrl, clientId: 'us', clientAuth },
  });
  const server = await at.prisma.server.findUniqueOrThrow({ where: { name: 'alpha' } });
  assert.equal((await leaseForScan(at, server)).ok, false, 'the listener is no token endpoint');
  assert.deepEqual(await verdicts(minting.port), ['allowed']);
  await minting.close();
});
