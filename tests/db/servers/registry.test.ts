import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ServerCreate, serverCreateSchema, serverDetailSchema } from '#lib/contracts/servers.ts';
import { changeServer } from '#lib/server/servers/change-server.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { listServers, readServer } from '#lib/server/servers/server-view.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { loopbackEntry } from '#tests/fixtures/servers.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

function http(name: string, url: string, egress?: ReturnType<typeof loopbackEntry>): ServerCreate {
  return { transport: 'http', name, url, tier: 'high', description: '', ...(egress === undefined ? {} : { egress }) };
}

test('a server whose address is not allowlisted is answered with the entry it needs, and nothing is written', async () => {
  const made = await registerServer(at, at.admin, http('local', 'http://127.0.0.1:9/mcp'));
  assert.ok(!made.ok);
  assert.equal(made.error.code, 'egress-entry-needed');
  const needs = { ...loopbackEntry(9), reason: 'MCP server local' };
  assert.deepEqual('extra' in made.error ? made.error.extra : null, { needs });
  assert.equal(await readServer(at.prisma, 'local'), null);
  const confirmed = await registerServer(at, at.admin, http('local', 'http://127.0.0.1:9/mcp', needs));
  assert.ok(confirmed.ok);
  assert.equal(await at.prisma.egressEntry.count(), 1);
});

test('a confirmed entry that does not cover the address adds neither', async () => {
  const made = await registerServer(at, at.admin, http('elsewhere', 'http://127.0.0.1:11/mcp', loopbackEntry(10)));
  assert.equal(made.ok ? null : made.error.code, 'egress-entry-needed');
  assert.equal(await at.prisma.egressEntry.count({ where: { port: 10 } }), 0);
});

test('addresses that two readers could read differently are refused', async () => {
  for (const url of ['http://user:pw@127.0.0.1/mcp', 'ftp://127.0.0.1/mcp', 'http://127.0.0.1/mcp#x']) {
    const made = await registerServer(at, at.admin, http('odd', url));
    assert.equal(made.ok ? null : made.error.code, 'invalid-request', url);
  }
});

test('a stdio server can only pick a command that the host defined', async () => {
  const shelly = { transport: 'stdio', name: 'shelly', command: 'rm -rf /' } as const;
  assert.equal(serverCreateSchema.safeParse(shelly).success, false, 'what is no name is not even asked for');
  const input = serverCreateSchema.parse({ ...shelly, command: 'rm' });
  const made = await registerServer(at, at.admin, input);
  assert.equal(made.ok ? null : made.error.code, 'invalid-request');
  await at.prisma.stdioCommand.create({ data: { name: 'files', argv: ['node', 'files.js'] } });
  assert.ok(
    (
      await registerServer(
        at,
        at.admin,
        serverCreateSchema.parse({ transport: 'stdio', name: 'files', command: 'files' }),
      )
    ).ok,
  );
});

test('an external server declares its tools: the declaration is the pin, at the tier of the server', async () => {
  const made = await registerServer(
    at,
    at.admin,
    serverCreateSchema.parse({
      transport: 'external',
      name: 'host',
      tools: [
        { name: 'exec', class: 'shell' },
        { name: 'browser', class: 'browse', tier: 'medium', reason: 'no sign-ins there' },
      ],
    }),
  );
  assert.ok(made.ok);
  const server = serverDetailSchema.parse(await readServer(at.prisma, 'host'));
  assert.deepEqual(
    server.toolList.map((one) => [one.name, one.tier, one.actionClass, one.pinState]),
    [
      ['browser', 'medium', 'browse', 'accepted'],
      ['exec', 'high', 'shell', 'accepted'],
    ],
  );
  assert.deepEqual(server.tools, { accepted: 2, waiting: 0, total: 2 });
});

test('a declared tool below its server needs a reason', async () => {
  const made = await registerServer(
    at,
    at.admin,
    serverCreateSchema.parse({
      transport: 'external',
      name: 'careless',
      tools: [{ name: 'x', class: 'shell', tier: 'low' }],
    }),
  );
  assert.equal(made.ok ? null : made.error.code, 'invalid-request');
  assert.equal(await readServer(at.prisma, 'careless'), null);
});

test('a tag needs a reason, is recorded with what it was, and only an admin sets it', async () => {
  const reviewer = await changeTool(at, withRoles(at.admin, ['reviewer']), 'host', 'exec', {
    tier: 'low',
    reason: 'trust me',
  });
  assert.equal(reviewer.ok ? null : reviewer.error.code, 'not-allowed');
  assert.ok((await changeTool(at, at.admin, 'host', 'exec', { tier: 'medium', reason: 'a sandbox' })).ok);
  const server = await readServer(at.prisma, 'host');
  const exec = server?.toolList.find((one) => one.name === 'exec');
  assert.deepEqual([exec?.tier, exec?.taggedBy, exec?.tagReason], ['medium', 'Ana', 'a sandbox']);
  const event = (await recordedEvents(at.prisma)).findLast((one) => one.type === 'tool.tagged');
  assert.match(event?.text ?? '', /"tierBefore":"high"/);
  assert.match(event?.text ?? '', /a sandbox/);
});

test('switching a server off and on is recorded; a patch that says what is already so is not', async () => {
  const before = (await recordedEvents(at.prisma)).length;
  assert.ok((await changeServer(at, at.admin, 'host', { status: 'disabled', reason: 'maintenance' })).ok);
  assert.ok((await changeServer(at, at.admin, 'host', { status: 'disabled', reason: 'maintenance' })).ok);
  assert.ok((await changeServer(at, at.admin, 'host', { status: 'active', reason: 'done' })).ok);
  const types = (await recordedEvents(at.prisma)).slice(before).map((event) => event.type);
  assert.deepEqual(types, ['server.disabled', 'server.enabled']);
  assert.ok(
    (await listServers(at.prisma, { limit: 100 })).items.some((one) => one.name === 'host' && one.status === 'active'),
  );
});

test('lowering a server moves the tags nobody set and leaves those that an admin gave a reason for', async () => {
  await changeServer(at, at.admin, 'host', { tier: 'low', reason: 'a test bench' });
  const server = await readServer(at.prisma, 'host');
  const tiers = Object.fromEntries(server?.toolList.map((one) => [one.name, one.tier]) ?? []);
  assert.deepEqual(tiers, { browser: 'medium', exec: 'medium' });
});
