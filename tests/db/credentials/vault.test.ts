import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CredentialCreate } from '#lib/contracts/credentials.ts';
import { addCredential } from '#lib/server/credentials/add-credential.ts';
import { changeCredential, confirmCredential, retireCredential } from '#lib/server/credentials/change-credential.ts';
import { openMaterial } from '#lib/server/credentials/material.ts';
import { listCredentials, viewCredential } from '#lib/server/credentials/read-credentials.ts';
import { changeServer } from '#lib/server/servers/change-server.ts';
import { type Installation, openInstallation, withRoles } from '#tests/fixtures/installation.ts';
import { loopbackEntry, type McpFixture, makeHttpServer, startMcpServer, tool } from '#tests/fixtures/servers.ts';

const SECRET = 'canary-7f3a9c52e1-of-server-a';
const DAY_MS = 86_400_000;
const reason = 'set by the test';

let at: Installation;
let upstream: McpFixture;
let elsewhere: McpFixture;

before(async () => {
  at = await openInstallation();
  upstream = await startMcpServer([tool('a')]);
  elsewhere = await startMcpServer([tool('a')]);
  await makeHttpServer(at, upstream, 'alpha');
  await makeHttpServer(at, elsewhere, 'beta');
});
after(async () => {
  await upstream?.close();
  await elsewhere?.close();
  await at?.close();
});

function inDays(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString();
}

function bearer(more: Partial<CredentialCreate> = {}): CredentialCreate {
  return {
    name: 'alpha-key',
    server: 'alpha',
    config: { kind: 'bearer' },
    secret: SECRET,
    endsAt: inDays(30),
    overlapMinutes: 10,
    reason,
    ...more,
  };
}

test('a long-lived secret without an end, with one too far away or one that is past is refused', async () => {
  for (const endsAt of [undefined, inDays(91), inDays(-1)]) {
    const { endsAt: _end, ...input } = bearer();
    const added = await addCredential(at, at.admin, endsAt === undefined ? input : { ...input, endsAt });
    assert.equal(added.ok ? 'added' : added.error.code, 'invalid-request', String(endsAt));
  }
  assert.equal(await at.prisma.credential.count(), 0);
});

test('a person’s token is refused with what to use instead, and the log says that it was offered', async () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const added = await addCredential(at, at.admin, bearer({ secret }));
  assert.ok(!added.ok);
  assert.equal(added.error.code, 'personal-token');
  assert.match(added.error.detail ?? '', /GitHub App/);
  assert.ok(!(added.error.detail ?? '').includes(secret));
  const [row] = await at.prisma.$queryRaw<{ n: bigint }[]>`
    SELECT count(*) AS n FROM audit_inbox WHERE event LIKE '%credential.refused%'`;
  const [told] = await at.prisma.$queryRaw<{ n: bigint }[]>`
    SELECT count(*) AS n FROM audit_inbox WHERE event LIKE ${`%${secret}%`}`;
  assert.equal(row?.n, 1n);
  assert.equal(told?.n, 0n);
});

test('a person’s token as the user name of basic is refused, told by its kind, and stored nowhere', async () => {
  const username = `gho_${'a1B2'.repeat(9)}`;
  const added = await addCredential(
    at,
    at.admin,
    bearer({ config: { kind: 'basic', username }, secret: 'x-oauth-basic' }),
  );
  assert.equal(added.ok ? 'taken' : added.error.code, 'personal-token');
  const [row] = await at.prisma.$queryRaw<{ event: string }[]>`
    SELECT event FROM audit_inbox WHERE event LIKE '%credential.refused%' ORDER BY id DESC LIMIT 1`;
  assert.match(row?.event ?? '', /GitHub personal or user token/);
  assert.ok(!row?.event.includes(username));
});

test('only an admin may add one', async () => {
  for (const roles of [['reviewer'], ['security'], []] as const) {
    const added = await addCredential(at, withRoles(at.admin, roles), bearer());
    assert.equal(added.ok ? 'added' : added.error.code, 'not-allowed');
  }
});

test('a secret goes in and is nowhere in clear, in no column of the database and in no view', async () => {
  const added = await addCredential(at, at.admin, bearer());
  assert.ok(added.ok, JSON.stringify(added));
  assert.deepEqual(await placesOf(at, SECRET), []);
  const shown = JSON.stringify([await listCredentials(at.prisma), await viewCredential(at.prisma, added.value.id)]);
  assert.ok(!shown.includes(SECRET));
  assert.ok(!shown.includes('sealed'));
});

test('the search for a secret finds one that lies in clear (the guard of the test before)', async () => {
  await at.prisma.$executeRaw`UPDATE credentials SET last_error = ${`echo ${SECRET}`} WHERE name = 'alpha-key'`;
  assert.deepEqual(await placesOf(at, SECRET), ['credentials']);
  await at.prisma.$executeRaw`UPDATE credentials SET last_error = NULL WHERE name = 'alpha-key'`;
});

test('a server has one credential, and a name is taken once', async () => {
  const second = await addCredential(at, at.admin, bearer({ name: 'other' }));
  assert.equal(second.ok ? 'added' : second.error.code, 'conflict');
  const same = await addCredential(at, at.admin, bearer({ server: 'beta' }));
  assert.equal(same.ok ? 'added' : same.error.code, 'name-taken');
});

test('it opens for its server as it is, and for nothing else, whatever the rows say', async () => {
  const row = await at.prisma.credential.findFirstOrThrow({ where: { name: 'alpha-key' }, include: { secrets: true } });
  const alpha = await at.prisma.server.findUniqueOrThrow({ where: { name: 'alpha' } });
  const beta = await at.prisma.server.findUniqueOrThrow({ where: { name: 'beta' } });
  const query = { credentialId: row.id, version: 1 };
  const opened = await openMaterial(at, { ...query, server: alpha });
  assert.equal(opened.ok ? opened.value.secret : null, SECRET);
  const asBeta = await openMaterial(at, { ...query, server: beta });
  assert.equal(asBeta.ok, false);
  // The attacker who can write the database points the credential at the other server: it still does not open.
  await at.prisma.credential.update({
    where: { id: row.id },
    data: { serverId: beta.id, configHash: beta.configHash },
  });
  const moved = await openMaterial(at, { ...query, server: beta });
  assert.deepEqual(moved, { ok: false, error: 'It does not open: the stored secret was changed or moved.' });
  await at.prisma.credential.update({
    where: { id: row.id },
    data: { serverId: alpha.id, configHash: alpha.configHash },
  });
});

test('another address is another server: nothing opens until a human confirms what they saw', async () => {
  const row = await at.prisma.credential.findFirstOrThrow({ where: { name: 'alpha-key' } });
  const url = `${upstream.url}/v2`;
  const moved = await changeServer(at, at.admin, 'alpha', { url, reason, egress: loopbackEntry(upstream.port) });
  assert.ok(moved.ok, JSON.stringify(moved));
  const alpha = await at.prisma.server.findUniqueOrThrow({ where: { name: 'alpha' } });
  const before = await openMaterial(at, { credentialId: row.id, version: 1, server: alpha });
  assert.equal(before.ok, false);
  assert.equal((await viewCredential(at.prisma, row.id))?.bound, false);
  const stale = await confirmCredential(at, at.admin, row.id, { configHash: row.configHash, reason });
  assert.equal(stale.ok ? 'confirmed' : stale.error.code, 'conflict');
  const confirmed = await confirmCredential(at, at.admin, row.id, { configHash: alpha.configHash, reason });
  assert.ok(confirmed.ok);
  const opened = await openMaterial(at, { credentialId: row.id, version: 1, server: alpha });
  assert.equal(opened.ok ? opened.value.secret : opened.error, SECRET);
  const back = await changeServer(at, at.admin, 'alpha', { url: upstream.url, reason });
  assert.ok(back.ok);
  const old = await at.prisma.server.findUniqueOrThrow({ where: { name: 'alpha' } });
  assert.ok((await confirmCredential(at, at.admin, row.id, { configHash: old.configHash, reason })).ok);
});

test('the end of a migration credential never moves past 90 days from its making, in code and in the database', async () => {
  const row = await at.prisma.credential.findFirstOrThrow({ where: { name: 'alpha-key' } });
  const far = await changeCredential(at, at.admin, row.id, { endsAt: inDays(91), reason });
  assert.equal(far.ok ? 'moved' : far.error.code, 'invalid-request');
  const near = await changeCredential(at, at.admin, row.id, { endsAt: inDays(89), reason });
  assert.ok(near.ok);
  await assert.rejects(
    at.prisma.$executeRaw`UPDATE credentials SET ends_at = created_at + interval '91 days' WHERE id = ${row.id}::uuid`,
    /credentials_end/,
  );
  await assert.rejects(
    at.prisma.$executeRaw`UPDATE credentials SET ends_at = NULL WHERE id = ${row.id}::uuid`,
    /credentials_end/,
  );
});

test('a retired credential is erased: no bytes and no key are left', async () => {
  const row = await at.prisma.credential.findFirstOrThrow({ where: { name: 'alpha-key' } });
  assert.ok((await retireCredential(at, at.admin, row.id, reason)).ok);
  const secrets = await at.prisma.credentialSecret.findMany({ where: { credentialId: row.id } });
  assert.deepEqual(
    secrets.map(({ state, sealed }) => ({ state, sealed })),
    [{ state: 'retired', sealed: null }],
  );
  assert.equal(await at.prisma.credentialWrap.count({ where: { secretId: { in: secrets.map((one) => one.id) } } }), 0);
  assert.ok((await addCredential(at, at.admin, bearer())).ok, 'the name is free again');
});

/** The tables in which a text lies in clear, in any column: as text, or as bytes. */
async function placesOf({ prisma }: Installation, text: string): Promise<string[]> {
  const tables = await prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  const hex = Buffer.from(text).toString('hex');
  const found: string[] = [];
  for (const { name } of tables) {
    // The name comes from the catalogue; a table cannot be a parameter.
    const rows = await prisma.$queryRawUnsafe<{ n: bigint }[]>(
      `SELECT count(*) AS n FROM "${name}" t WHERE t::text LIKE $1 OR t::text LIKE $2`,
      `%${text}%`,
      `%${hex}%`,
    );
    if (rows[0]?.n !== 0n) found.push(name);
  }
  return found.toSorted();
}
