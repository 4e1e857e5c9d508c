// A client certificate from end to end: given by the command line and by a file, shown by the gateway, rotated under calls.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer, getCACertificates, type Server, setDefaultCACertificates } from 'node:tls';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import { testCredential } from '#lib/server/credentials/test-credential.ts';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import { type Authority, type MadeCertificate, makeAuthority } from '#tests/fakes/certificates.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { command, fileIn, pretendToRun } from '#tests/fixtures/command-line.ts';
import { acceptFound, agentWithToken, connectClient, eventually, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { loopbackEntry } from '#tests/fixtures/servers.ts';

const REASON = 'the test';
const trusted = getCACertificates('default');
let at: Installation;
let authority: Authority;
let upstream: RecordingUpstream;
let front: Server;
let port: number;
let gateway: Gateway;
let client: Client;
/** Whose certificate each connection showed, oldest first. */
const shown: string[] = [];
const run = (...argv: string[]) => command(at.dataDir, ...argv);

before(async () => {
  at = await openInstallation();
  pretendToRun(at);
  authority = makeAuthority();
  // The gateway verifies with the system's authorities; for this process ours is one of them.
  setDefaultCACertificates([...trusted, authority.ca]);
  upstream = await startRecordingUpstream();
  // Ends TLS before a real server, and lets in nobody without a certificate of the authority.
  const options = { ...authority.issue(['127.0.0.1']), ca: authority.ca, requestCert: true, rejectUnauthorized: true };
  front = createServer(options, (socket) => {
    shown.push(String(socket.getPeerCertificate().subject.CN));
    const inner = connect(upstream.port, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    socket.on('error', () => inner.destroy());
    inner.on('error', () => socket.destroy());
  });
  front.on('tlsClientError', () => undefined);
  port = await new Promise<number>((resolve) => {
    front.listen(0, '127.0.0.1', () => {
      const address = front.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  for (const name of ['sealed', 'filed']) {
    const made = await registerServer(at, at.admin, {
      transport: 'http',
      name,
      url: `https://127.0.0.1:${port}/${name === 'sealed' ? 'mcp' : 'filed'}`,
      tier: 'low',
      description: '',
      egress: entry(name === 'sealed' ? '/mcp' : '/filed'),
    });
    assert.ok(made.ok, JSON.stringify(made));
  }
});
after(async () => {
  await client?.close();
  await gateway?.close();
  front?.close();
  await upstream?.close();
  await at?.close();
  setDefaultCACertificates(trusted);
});

const entry = (path: string) => ({ ...loopbackEntry(port), scheme: 'https' as const, path });

function filesOf(name: string, made: MadeCertificate): { readonly cert: string; readonly key: string } {
  const key = join(at.dataDir, `${name}.key`);
  writeFileSync(key, made.key, { mode: 0o600 });
  return { cert: fileIn(at.dataDir, `${name}.pem`, made.cert), key };
}
const credentialOf = (name: string) =>
  at.prisma.credential.findFirstOrThrow({ where: { name, retiredAt: null }, include: { secrets: true } });
const call = (tool: string) => client.callTool({ name: tool, arguments: {} });
const daysLeft = (date: Date | null) => ((date?.getTime() ?? 0) - Date.now()) / 86_400_000;

test('the command line gives a server its certificate, and the gateway shows it on every connection to that server', async () => {
  const first = filesOf('first', authority.issue(['first.example'], { days: 2 }));
  const add = ['credentials', 'add', 'badge', '--server', 'sealed', '--kind', 'client-certificate', '--reason', REASON];
  const added = await run(...add, '--certificate-file', first.cert, '--secret-file', first.key);
  assert.equal(added.code, 0, added.err);
  const untold = await testCredential(at, at.admin, 'badge');
  assert.match(untold.ok ? untold.value.detail : '', /No allowlist entry shows it/);
  const { id } = await credentialOf('badge');
  const allowed = await addEgressEntry(at, at.admin, { ...entry('/mcp'), clientCertificate: id });
  assert.ok(allowed.ok, JSON.stringify(allowed));
  const tested = await testCredential(at, at.admin, 'badge');
  assert.equal(tested.ok ? tested.value.ok : null, true, JSON.stringify(tested));
  await acceptFound(at, 'sealed');
  for (const tool of ['echo', 'slow']) {
    assert.ok((await changeTool(at, at.admin, 'sealed', tool, { tier: 'low', reason: REASON })).ok);
  }
  const { token } = await agentWithToken(at, { name: 'bot', servers: ['sealed'] }, '/mcp/sealed');
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/sealed', token);
  shown.length = 0;
  await call('echo');
  assert.deepEqual([...new Set(shown)], ['first.example']);
});

test('a next certificate that the server refuses, or that nobody has a key for, changes nothing', async () => {
  const stranger = makeAuthority().issue(['stranger.example']);
  const before = await credentialOf('badge');
  const refused = await rotateCredential(at, at.admin, 'badge', {
    certificate: stranger.cert,
    secret: stranger.key,
    reason: REASON,
  });
  assert.equal(refused.ok ? 'rotated' : refused.error.code, 'credential-test-failed');
  const other = authority.issue(['other.example']);
  for (const more of [
    { certificate: other.cert, secret: stranger.key },
    { secret: other.key },
    { certificate: other.cert },
  ]) {
    const wrong = await rotateCredential(at, at.admin, 'badge', { ...more, reason: REASON });
    assert.equal(wrong.ok ? 'rotated' : wrong.error.code, 'invalid-request', Object.keys(more).join());
  }
  const { config, endsAt, secrets } = await credentialOf('badge');
  assert.deepEqual([config, endsAt], [before.config, before.endsAt]);
  assert.equal(secrets.find(({ state }) => state === 'current')?.version, 1);
  shown.length = 0;
  await call('echo');
  assert.ok(!shown.includes('stranger.example') && !shown.includes('other.example'));
});

test('a rotation tries the next one, shows it from then on, and lets what is under way end with the old one', async () => {
  const slow = call('slow');
  await eventually('the slow call', async () => upstream.calls.some(({ body }) => body.includes('"slow"')));
  shown.length = 0;
  const next = filesOf('next', authority.issue(['next.example'], { days: 5 }));
  const rotate = ['credentials', 'rotate', 'badge', '--reason', REASON];
  const rotated = await run(...rotate, '--certificate-file', next.cert, '--secret-file', next.key);
  assert.equal(rotated.code, 0, rotated.err);
  // The one that was refused has taken a number, too.
  assert.match(rotated.out, /badge is at version 3\./);
  assert.deepEqual([...new Set(shown)], ['next.example'], 'it was tried with a connection of its own');
  shown.length = 0;
  await eventually('a call with the next one', async () => {
    await call('echo');
    return shown.includes('next.example');
  });
  upstream.release();
  assert.notEqual((await slow).isError, true, 'what was under way got its answer');
  const { endsAt, secrets } = await credentialOf('badge');
  assert.ok(daysLeft(endsAt) > 4.9 && daysLeft(endsAt) <= 5, 'its end is the next certificate’s own');
  const old = secrets.find(({ version }) => version === 1);
  assert.equal(old?.state, 'previous');
  assert.ok(daysLeft(old?.notAfter ?? null) > 0);
  shown.length = 0;
  await call('echo');
  assert.ok(!shown.includes('first.example'));
});

test('a file gives a certificate as well, changes nothing twice, and leaves a rotation to whoever tries it first', async () => {
  const made = authority.issue(['filed.example']);
  const { key } = filesOf('filed', made);
  const yaml = (certificate: string) => `version: 1
credentials:
  - name: filed-badge
    server: filed
    config: { kind: client-certificate, certificate: ${JSON.stringify(certificate.trim())} }
    fromFile: ${JSON.stringify(key)}
    reason: ${REASON}
`;
  const file = fileIn(at.dataDir, 'certificate.yaml', yaml(made.cert));
  const applied = await run('apply', '-f', file);
  assert.equal(applied.code, 0, applied.err);
  assert.equal((await credentialOf('filed-badge')).kind, 'client-certificate');
  assert.equal((await run('apply', '-f', file)).out, 'Nothing to change.');
  const later = fileIn(at.dataDir, 'later.yaml', yaml(authority.issue(['later.example']).cert));
  const refused = await run('apply', '-f', later);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /countersign credentials rotate filed-badge --certificate-file/);
});
