// What happens without anybody asking, by the database's clock: ends, overlaps, broken rotations, reminders, hooks.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { changeCredential, changeCredentialIn } from '#lib/server/credentials/change-credential.ts';
import { openMaterial } from '#lib/server/credentials/material.ts';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import { rotateDue } from '#lib/server/credentials/rotate-due.ts';
import { sweepCredentials } from '#lib/server/credentials/sweep-credentials.ts';
import { writeConfig } from '#lib/server/db/config-write.ts';
import { type CredentialedUpstream, startCredentialedUpstream } from '#tests/fakes/credentialed-upstream.ts';
import { allowLoopback, giveCredential, inDays, registerCredentialed } from '#tests/fixtures/credentials.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

const reason = 'set by the test';
const FIRST = 'worker-canary-first-0001';

let at: Installation;
let upstream: CredentialedUpstream;
let hook: Server;
let hookUrl = '';
let scratch = '';
const deliveries: { headers: Record<string, string | string[] | undefined>; body: string }[] = [];
let delivers = 'worker-canary-from-hook-0002';
let hookStatus = 200;
let id = '';

before(async () => {
  at = await openInstallation();
  scratch = mkdtempSync(join(tmpdir(), 'countersign-hook-'));
  upstream = await startCredentialedUpstream();
  await registerCredentialed(at, 'alpha', upstream.port, upstream.url);
  hook = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    deliveries.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(hookStatus, { 'content-type': 'application/json' }).end(JSON.stringify({ secret: delivers }));
  });
  const port = await new Promise<number>((resolve) => {
    hook.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = hook.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  hookUrl = `http://127.0.0.1:${port}/next-secret`;
  await allowLoopback(at, port, '/next-secret');
  id = await giveCredential(at, {
    server: 'alpha',
    config: { kind: 'bearer' },
    secret: FIRST,
    endsAt: inDays(80),
    rotateEveryDays: 30,
  });
});
after(async () => {
  rmSync(scratch, { recursive: true, force: true });
  hook?.closeAllConnections();
  hook?.close();
  await upstream?.close();
  await at?.close();
});
beforeEach(() => {
  deliveries.length = 0;
  hookStatus = 200;
});

async function versions(): Promise<string[]> {
  const rows = await at.prisma.credentialSecret.findMany({ where: { credentialId: id }, orderBy: { version: 'asc' } });
  return rows.map((one) => one.state);
}

async function told(type: string): Promise<number> {
  const [row] = await at.prisma.$queryRaw<{ n: bigint }[]>`
    SELECT count(*) AS n FROM audit_inbox WHERE event LIKE ${`%"type":"${type}"%`}`;
  return Number(row?.n ?? 0n);
}

test('after the overlap the previous version is erased, and not before', async () => {
  const rotated = await rotateCredential(at, at.admin, id, { secret: 'worker-canary-second-0002', reason });
  assert.ok(rotated.ok);
  await sweepCredentials(at);
  assert.deepEqual(await versions(), ['previous', 'current']);
  const server = await at.prisma.server.findUniqueOrThrow({ where: { name: 'alpha' } });
  const old = await openMaterial(at, { credentialId: id, version: 1, server });
  assert.equal(old.ok ? old.value.secret : null, FIRST, 'calls that are under way still have it');
  await at.prisma.$executeRaw`UPDATE credential_secrets SET not_after = clock_timestamp() WHERE state = 'previous'`;
  assert.equal((await openMaterial(at, { credentialId: id, version: 1, server })).ok, false, 'over at once');
  await sweepCredentials(at);
  assert.deepEqual(await versions(), ['retired', 'current']);
  assert.equal(await told('credential.version-retired'), 1);
  assert.equal(await sweepCredentials(at), 0, 'nothing is left to do');
});

test('a rotation whose process was killed is rolled back, and the current version stays', async () => {
  await at.prisma
    .$executeRaw`UPDATE credentials SET rotation_id = gen_random_uuid(), rotation_until = clock_timestamp() WHERE id = ${id}::uuid`;
  await at.prisma.credentialSecret.create({
    data: { id: crypto.randomUUID(), credentialId: id, version: 3, state: 'next', sealed: new Uint8Array([1]) },
  });
  await sweepCredentials(at);
  assert.deepEqual(await versions(), ['retired', 'current', 'retired']);
  const row = await at.prisma.credential.findUniqueOrThrow({ where: { id } });
  assert.equal(row.rotationId, null);
  assert.equal(row.rotationError, 'The rotation broke off.');
  assert.ok((await rotateCredential(at, at.admin, id, { secret: 'worker-canary-third-0003', reason })).ok);
});

test('a key of ours that waits to be registered survives a process that was killed during its test call', async () => {
  const other = await startCredentialedUpstream();
  try {
    await registerCredentialed(at, 'beta', other.port, other.url);
    const key = await giveCredential(at, {
      server: 'beta',
      config: { kind: 'oauth-client-credentials', tokenUrl: other.url, clientId: 'c', clientAuth: 'private_key_jwt' },
    });
    const staged = await rotateCredential(at, at.admin, key, { reason });
    assert.equal(staged.ok && staged.value.state, 'staged');
    const waiting = () => at.prisma.credentialSecret.findFirst({ where: { credentialId: key, state: 'next' } });
    const before = await waiting();
    assert.ok(before?.publicJwk);
    await at.prisma
      .$executeRaw`UPDATE credentials SET rotation_id = gen_random_uuid(), rotation_until = clock_timestamp() WHERE id = ${key}::uuid`;
    await sweepCredentials(at);
    assert.deepEqual((await waiting())?.publicJwk, before.publicJwk);
    const row = await at.prisma.credential.findUniqueOrThrow({ where: { id: key } });
    assert.deepEqual([row.rotationId, row.rotationError], [null, 'The rotation broke off.']);
  } finally {
    await other.close();
  }
});

test('a due rotation asks the webhook, signed as Standard Webhooks says, and takes what it delivers', async () => {
  const changed = await changeCredential(at, at.admin, id, { hook: { kind: 'webhook', url: hookUrl }, reason });
  assert.ok(changed.ok);
  const key = Buffer.from((changed.value.hookSecret ?? '').replace('whsec_', ''), 'base64');
  assert.equal(key.length, 32);
  assert.equal(await rotateDue(at), false, 'not due yet');
  await at.prisma.$executeRaw`UPDATE credentials SET next_rotation_at = clock_timestamp() WHERE id = ${id}::uuid`;
  assert.equal(await rotateDue(at), true);
  const [delivery] = deliveries;
  assert.ok(delivery !== undefined);
  const { headers, body } = delivery;
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  assert.ok(!JSON.stringify(delivery).includes('worker-canary'), 'it is not told the current secret');
  const server = await at.prisma.server.findUniqueOrThrow({ where: { name: 'alpha' } });
  const row = await at.prisma.credential.findUniqueOrThrow({ where: { id }, include: { secrets: true } });
  const current = row.secrets.find((one) => one.state === 'current');
  const opened = await openMaterial(at, { credentialId: id, version: current?.version ?? 0, server });
  assert.equal(opened.ok ? opened.value.secret : null, delivers);
  assert.ok(row.nextRotationAt !== null && row.nextRotationAt.getTime() > Date.now() + 29 * 86_400_000);
});

test('a webhook that fails is asked again after growing pauses, under the same id, and the current secret stays', async () => {
  hookStatus = 500;
  const before = await versions();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    await at.prisma.$executeRaw`UPDATE credentials SET next_rotation_at = clock_timestamp() WHERE id = ${id}::uuid`;
    assert.equal(await rotateDue(at), true);
    const row = await at.prisma.credential.findUniqueOrThrow({ where: { id } });
    pauses.push(Math.round(((row.nextRotationAt?.getTime() ?? 0) - Date.now()) / 60_000));
    assert.match(row.rotationError ?? '', /answered 500/);
  }
  assert.deepEqual(pauses, [1, 2, 4]);
  assert.equal(new Set(deliveries.map((one) => one.headers['webhook-id'])).size, 1);
  assert.deepEqual(await versions(), before);
});

test('a person’s token from a hook is refused like any other', async () => {
  delivers = `ghp_${'z9Y8'.repeat(9)}`;
  await at.prisma.$executeRaw`UPDATE credentials SET next_rotation_at = clock_timestamp() WHERE id = ${id}::uuid`;
  await rotateDue(at);
  const row = await at.prisma.credential.findUniqueOrThrow({ where: { id } });
  assert.match(row.rotationError ?? '', /GitHub/);
  assert.ok(!(row.rotationError ?? '').includes(delivers));
});

test('a command of the host delivers too, without our environment; the console cannot name one', async () => {
  const script = join(scratch, 'next.mjs');
  writeFileSync(
    script,
    `process.stdin.resume().on('end', () => console.log(JSON.stringify({ secret: 'worker-canary-env-' + Object.keys(process.env).sort().join('-') })));`,
  );
  const argv = [process.execPath, script];
  const hostHook = { kind: 'command', argv } as const;
  const refused = await writeConfig(at, at.admin, (write) => changeCredentialIn(write, id, { hook: hostHook, reason }));
  assert.equal(refused.ok ? 'set' : refused.error.code, 'not-allowed');
  const operator = { kind: 'operator', name: 'root' } as const;
  const set = await writeConfig(at, operator, (write) => changeCredentialIn(write, id, { hook: hostHook, reason }));
  assert.ok(set.ok);
  await at.prisma.$executeRaw`UPDATE credentials SET next_rotation_at = clock_timestamp() WHERE id = ${id}::uuid`;
  await rotateDue(at);
  const server = await at.prisma.server.findUniqueOrThrow({ where: { name: 'alpha' } });
  const row = await at.prisma.credential.findUniqueOrThrow({ where: { id }, include: { secrets: true } });
  assert.equal(row.rotationError, null);
  const current = row.secrets.find((one) => one.state === 'current');
  const opened = await openMaterial(at, { credentialId: id, version: current?.version ?? 0, server });
  assert.equal(opened.ok ? opened.value.secret : null, 'worker-canary-env-LANG-PATH');
});

test('people are reminded 14, 7 and 1 days before the end, once each, and told when it has ended', async () => {
  const days: number[] = [];
  for (const left of [20, 13, 13, 6, 0.5]) {
    const ends = new Date(Date.now() + left * 86_400_000);
    await at.prisma.credential.update({ where: { id }, data: { endsAt: ends } });
    await sweepCredentials(at);
    days.push((await at.prisma.credential.findUniqueOrThrow({ where: { id } })).remindedDays ?? 0);
  }
  assert.deepEqual(days, [0, 14, 14, 7, 1]);
  assert.equal(await told('credential.reminded'), 3);
  await at.prisma.$executeRaw`UPDATE credentials SET ends_at = clock_timestamp() WHERE id = ${id}::uuid`;
  await sweepCredentials(at);
  await sweepCredentials(at);
  assert.equal(await told('credential.ended'), 1);
  const revived = await changeCredential(at, at.admin, id, { endsAt: inDays(10), reason });
  assert.equal(revived.ok ? 'revived' : revived.error.code, 'credential-ended');
  const rotated = await rotateCredential(at, at.admin, id, { secret: 'worker-canary-late-0009', reason });
  assert.equal(rotated.ok ? 'rotated' : rotated.error.code, 'credential-ended');
});
