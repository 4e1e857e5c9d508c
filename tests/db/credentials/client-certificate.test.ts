// A client certificate: shown to the one server it is for, to nobody else, and no longer than it lives.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import { after, before, beforeEach, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { addCredential } from '#lib/server/credentials/add-credential.ts';
import { retireCredential } from '#lib/server/credentials/change-credential.ts';
import { createClientCertificates } from '#lib/server/credentials/client-certificate.ts';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import type { CertificateOf } from '#lib/server/egress/connector.ts';
import { loadEntries } from '#lib/server/egress/entry-rows.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { type Authority, type MadeCertificate, makeAuthority } from '#tests/fakes/certificates.ts';
import { giveCredential, inDays } from '#tests/fixtures/credentials.ts';
import { guarded } from '#tests/fixtures/egress.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { loopbackEntry } from '#tests/fixtures/servers.ts';

type Demanding = { readonly server: Server; readonly port: number; readonly clients: (string | undefined)[] };

let at: Installation;
let authority: Authority;
let mine: MadeCertificate;
let upstream: Demanding;
let other: Demanding;
let id: string;

before(async () => {
  at = await openInstallation();
  authority = makeAuthority();
  mine = authority.issue(['gateway.example']);
  upstream = await startDemanding(true);
  other = await startDemanding(false);
  await register('upstream', upstream.port);
  await register('other', other.port);
});
after(async () => {
  for (const one of [upstream, other]) {
    one?.server.closeAllConnections();
    one?.server.close();
  }
  await at?.close();
});
beforeEach(() => {
  upstream.clients.length = 0;
  other.clients.length = 0;
});

/** A TLS server that asks for a certificate of the authority, and says nothing to whoever has none when it demands one. */
async function startDemanding(rejectUnauthorized: boolean): Promise<Demanding> {
  const clients: Demanding['clients'] = [];
  const options = { ...authority.issue(['127.0.0.1']), ca: authority.ca, requestCert: true, rejectUnauthorized };
  const server = createServer(options, ({ socket }, response) => {
    const subject = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined;
    clients.push(subject === undefined ? undefined : String(subject.CN));
    response.end('inside');
  });
  server.on('tlsClientError', () => undefined);
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return { server, port, clients };
}

const entryAt = (port: number) => ({ ...loopbackEntry(port), scheme: 'https' as const });

async function register(name: string, port: number): Promise<void> {
  const about = { transport: 'http' as const, name, tier: 'low' as const, description: '' };
  const made = await registerServer(at, at.admin, {
    ...about,
    url: `https://127.0.0.1:${port}/mcp`,
    egress: entryAt(port),
  });
  assert.ok(made.ok, JSON.stringify(made));
}

async function reach(port: number, certificates: CertificateOf = createClientCertificates(at)) {
  const options = { ca: authority.ca, clientCertificateOf: certificates };
  return guarded(`https://127.0.0.1:${port}/mcp`, await loadEntries(at.prisma), options);
}

const config = () => ({ kind: 'client-certificate' as const, certificate: mine.cert });
const codeOf = (result: { readonly ok: boolean; readonly error?: { readonly code: string } }) =>
  result.ok ? 'ok' : result.error?.code;

test('a key that is not the certificate’s, an ended certificate and an end of one’s own are refused', async () => {
  const stranger = authority.issue(['gateway.example']);
  const ended = authority.issue(['gateway.example'], { expired: true });
  const base = { server: 'upstream', name: 'cert', overlapMinutes: 10, reason: 'test' };
  const offers = [
    { ...base, config: config(), secret: stranger.key },
    { ...base, config: config(), secret: 'no key at all' },
    { ...base, config: { ...config(), certificate: ended.cert }, secret: ended.key },
    { ...base, config: config(), secret: mine.key, endsAt: inDays(1) },
    { ...base, config: config(), secret: mine.key, rotateEveryDays: 30 },
  ];
  for (const offer of offers) {
    const added = await addCredential(at, at.admin, offer);
    assert.equal(codeOf(added), 'invalid-request');
    assert.ok(!JSON.stringify(added).includes('PRIVATE KEY'));
  }
});

test('it goes beside what is sent to the server, once, ends with the certificate, and its key is stored nowhere', async () => {
  await giveCredential(at, { server: 'upstream', config: { kind: 'basic', username: 'svc' }, secret: 'a-password-1' });
  id = await giveCredential(at, { server: 'upstream', name: 'cert', config: config(), secret: mine.key });
  const again = { server: 'upstream', name: 'cert-2', overlapMinutes: 10, reason: 'test', secret: mine.key };
  assert.equal(codeOf(await addCredential(at, at.admin, { ...again, config: config() })), 'conflict');
  const row = await at.prisma.credential.findUniqueOrThrow({ where: { id } });
  const days = ((row.endsAt?.getTime() ?? 0) - Date.now()) / 86_400_000;
  assert.ok(days > 0.9 && days <= 1, `the certificate’s own end: ${days}`);
  assert.equal(row.migrationOnly, false);
  assert.equal(codeOf(await rotateCredential(at, at.admin, id, { reason: 'x', secret: mine.key })), 'invalid-request');
  const [line = ''] = mine.key.split('\n').slice(1);
  for (const table of ['credentials', 'credential_secrets', 'audit_inbox']) {
    const found = await at.prisma.$queryRawUnsafe<{ n: bigint }[]>(
      `SELECT count(*) AS n FROM "${table}" t WHERE t::text LIKE $1`,
      `%${line}%`,
    );
    assert.equal(found[0]?.n, 0n, table);
  }
});

test('a server that demands it is reached with the entry that names it, and not without', async () => {
  await assert.rejects(reach(upstream.port), 'the twin: nothing is shown without such an entry');
  assert.deepEqual(upstream.clients, []);
  const added = await addEgressEntry(at, at.admin, { ...entryAt(upstream.port), clientCertificate: id });
  assert.ok(added.ok, JSON.stringify(added));
  assert.equal((await reach(upstream.port)).text, 'inside');
  assert.deepEqual(upstream.clients, ['gateway.example']);
});

test('C03: it is never shown to another host, neither by an entry nor by a row that somebody wrote', async () => {
  for (const more of [{}, { host: '*.example.com' }, { identity: 'server:upstream' }]) {
    const entry = { ...entryAt(other.port), clientCertificate: id, ...more };
    assert.equal(codeOf(await addEgressEntry(at, at.admin, entry)), 'invalid-request');
  }
  const otherKey = await addEgressEntry(at, at.admin, { ...entryAt(upstream.port), clientCertificate: inNobody });
  assert.equal(codeOf(otherKey), 'invalid-request');
  await at.prisma.egressEntry.updateMany({ where: { port: other.port }, data: { clientCertificateId: id } });
  assert.equal((await reach(other.port)).denied, "the entry's client certificate is not there");
  assert.deepEqual(other.clients, []);
  const unguarded: CertificateOf = async () => mine;
  assert.equal((await reach(other.port, unguarded)).text, 'inside');
  assert.deepEqual(other.clients, ['gateway.example'], 'without the guard the other host sees it');
});

const inNobody = '00000000-0000-7000-8000-000000000000';

test('it is shown no longer once it has ended by the database’s clock, was meant for another address, or is retired', async () => {
  const shown = () => createClientCertificates(at)(id, { host: '127.0.0.1', port: upstream.port });
  assert.notEqual(await shown(), null);
  await at.prisma.$executeRaw`UPDATE credentials SET ends_at = clock_timestamp() WHERE id = ${id}::uuid`;
  assert.equal(await shown(), null);
  assert.equal((await reach(upstream.port)).denied, "the entry's client certificate is not there");
  await at.prisma
    .$executeRaw`UPDATE credentials SET ends_at = clock_timestamp() + interval '1 day' WHERE id = ${id}::uuid`;
  assert.notEqual(await shown(), null);
  const { configHash } = await at.prisma.server.findUniqueOrThrow({ where: { name: 'upstream' } });
  await at.prisma.server.update({ where: { name: 'upstream' }, data: { configHash: 'another' } });
  assert.equal(await shown(), null);
  await at.prisma.server.update({ where: { name: 'upstream' }, data: { configHash } });
  assert.notEqual(await shown(), null);
  assert.ok((await retireCredential(at, at.admin, id, 'over')).ok);
  assert.equal(await shown(), null);
});
