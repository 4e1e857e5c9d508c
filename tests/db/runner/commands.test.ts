import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { commandProposeSchema } from '#lib/contracts/commands.ts';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { approveCommand, withdrawCommand } from '#lib/server/commands/decide-command.ts';
import { listProposals } from '#lib/server/commands/list-proposals.ts';
import { proposeCommand } from '#lib/server/commands/propose-command.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { acceptFound } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

const ENTRY = new URL('../../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url);
const NODE = process.execPath;
const programs = [NODE, 'npx', '/bin/sh', 'env'];
const propose = (name: string, argv: readonly string[], actor: HumanPrincipal = at.admin) =>
  proposeCommand({ ...at, programs }, actor, { name, argv: [...argv], reason: 'for the test' });
const approve = (id: string, actor: HumanPrincipal) => approveCommand({ ...at, programs }, actor, id);
const codeOf = (result: { readonly ok: boolean; readonly error?: { readonly code: string } }) =>
  result.ok ? 'ok' : result.error?.code;

let at: Installation;
let ben: HumanPrincipal;

before(async () => {
  at = await openInstallation();
});
after(() => at?.close());

test('a person alone approves their own command with the password, a minute later; with others there never', async () => {
  const proposed = await propose('alone', [NODE, '/opt/a.js']);
  assert.ok(proposed.ok);
  assert.equal(
    codeOf(await approve(proposed.value.id, { ...at.admin, reauthAt: new Date(Date.now() + 5000) })),
    'too-early',
  );
  await at.prisma.$executeRaw`UPDATE command_proposals SET proposed_at = proposed_at - interval '61 seconds'`;
  assert.equal(codeOf(await approve(proposed.value.id, { ...at.admin, reauthAt: new Date(0) })), 'step-up-required');
  assert.equal(codeOf(await approve(proposed.value.id, { ...at.admin, reauthAt: new Date() })), 'ok');
  ben = await addPerson(at, 'ben', ['security', 'reviewer']);
  const later = await propose('later', [NODE, '/opt/a.js']);
  assert.ok(later.ok);
  await at.prisma
    .$executeRaw`UPDATE command_proposals SET proposed_at = proposed_at - interval '61 seconds' WHERE name = 'later'`;
  assert.equal(codeOf(await approve(later.value.id, { ...at.admin, reauthAt: new Date() })), 'second-person-needed');
});

test('a proposed command cannot be used until a second person of admin or security has approved it', async () => {
  const argv = [NODE, ENTRY.pathname, 'stdio'];
  const reviewer = await addPerson(at, 'rita', ['reviewer']);
  const proposed = await propose('everything', argv);
  assert.ok(proposed.ok);
  const server = serverCreateSchema.parse({ transport: 'stdio', name: 'everything', command: 'everything' });
  assert.equal(codeOf(await registerServer(at, at.admin, server)), 'invalid-request');
  assert.equal(codeOf(await approve(proposed.value.id, reviewer)), 'not-allowed');
  assert.equal(codeOf(await propose('other', argv, ben)), 'not-allowed');
  const { items } = await listProposals(at.prisma, programs, ben);
  assert.deepEqual(items.find((one) => one.name === 'everything')?.argv, argv);
  assert.equal(codeOf(await approve(proposed.value.id, ben)), 'ok');
  assert.equal(codeOf(await approve(proposed.value.id, ben)), 'conflict');
  assert.equal((await at.prisma.stdioCommand.findUniqueOrThrow({ where: { name: 'everything' } })).source, 'approved');
  const types = (await recordedEvents(at.prisma)).map((event) => event.type);
  assert.ok(types.includes('command.proposed') && types.includes('command.approved'));
});

test('what two people approved runs only while the host lists its program', async () => {
  const server = serverCreateSchema.parse({ transport: 'stdio', name: 'everything', command: 'everything' });
  assert.equal(codeOf(await registerServer(at, at.admin, server)), 'ok');
  const { configHash } = await at.prisma.server.findUniqueOrThrow({ where: { name: 'everything' } });
  const refused = await at.startChild?.({ name: 'everything', configHash });
  assert.match(refused?.ok === false ? refused.error.detail : '', /RUNNER_PROGRAMS does not list it/);
  // The guard off: the same row as the host's own is started.
  await at.prisma.stdioCommand.update({ where: { name: 'everything' }, data: { source: 'host' } });
  await acceptFound(at, 'everything');
});

test('the official everything server lists its tools through the runner, and another command voids its pins', async () => {
  const before = await at.prisma.server.findUniqueOrThrow({ where: { name: 'everything' } });
  assert.ok((await at.prisma.tool.count({ where: { serverId: before.id, pinState: 'accepted' } })) > 5);
  await at.prisma.stdioCommand.update({ where: { name: 'everything' }, data: { source: 'approved' } });
  const argv = [NODE, ENTRY.pathname, 'stdio', '--other'];
  const changed = await propose('everything', argv);
  assert.ok(changed.ok);
  assert.deepEqual(
    (await listProposals(at.prisma, programs, ben)).items.find((one) => one.name === 'everything')?.servers,
    ['everything'],
  );
  assert.equal(codeOf(await approve(changed.value.id, ben)), 'ok');
  const now = await at.prisma.server.findUniqueOrThrow({ where: { name: 'everything' } });
  assert.equal(now.configHash, serverConfigHash({ transport: 'stdio', command: argv }));
  assert.notEqual(now.configHash, before.configHash);
  assert.equal(await at.prisma.tool.count({ where: { serverId: now.id, pinState: 'accepted' } }), 0);
  const old = await at.startChild?.({ name: 'everything', configHash: before.configHash });
  assert.match(old?.ok === false ? old.error.detail : '', /No command of this configuration/);
});

test('a row that was written past the two people is another configuration, and is not started', async () => {
  const { configHash } = await at.prisma.server.findUniqueOrThrow({ where: { name: 'everything' } });
  await at.prisma.stdioCommand.update({
    where: { name: 'everything' },
    data: { argv: ['/bin/sh', '-c', 'echo owned'], source: 'host' },
  });
  const started = await at.startChild?.({ name: 'everything', configHash });
  assert.match(started?.ok === false ? started.error.detail : '', /No command of this configuration/);
});

test('a command of the host is out of reach of proposals', async () => {
  await at.prisma.stdioCommand.create({ data: { name: 'hosts-own', argv: [NODE, '/opt/own.js'] } });
  assert.equal(codeOf(await propose('hosts-own', [NODE, '/opt/evil.js'])), 'conflict');
});

test('what nobody may propose is refused, whatever it is called', async () => {
  const refused: readonly (readonly string[])[] = [
    ['/bin/sh', '-c', 'id'],
    ['env', NODE, 'x'],
    ['/usr/bin/python3', 'x.py'],
    ['node', 'x.js'],
    ['../node', 'x.js'],
    [`${NODE}/../sh`],
    ['npx', '-y', 'some-server'],
    ['npx', '-y', 'some-server@latest'],
    ['npx', '-y', 'some-server@^1.2.3'],
    ['npx', '-y', 'github:some/one'],
    ['npx', '-c', 'id'],
  ];
  for (const [index, argv] of refused.entries()) {
    assert.equal(codeOf(await propose(`odd-${index}`, argv)), 'invalid-request', argv.join(' '));
  }
  assert.equal(codeOf(await propose('exact', ['npx', '-y', '@scope/some-server@1.2.3'])), 'ok');
  const none = await proposeCommand({ ...at, programs: [] }, at.admin, { name: 'none', argv: [NODE], reason: 'test' });
  assert.match(none.ok ? '' : (none.error.detail ?? ''), /RUNNER_PROGRAMS/);
});

test('an approval is judged by the list of that moment, and by the roles of its proposer', async () => {
  const struck = await propose('struck', [NODE, '/opt/b.js']);
  assert.ok(struck.ok);
  assert.equal(codeOf(await approveCommand({ ...at, programs: ['npx'] }, ben, struck.value.id)), 'invalid-request');
  const cleo = await addPerson(at, 'cleo', ['admin']);
  const orphan = await propose('orphan', [NODE, '/opt/b.js'], cleo);
  assert.ok(orphan.ok);
  await at.prisma.person.update({ where: { id: cleo.id }, data: { roles: ['reviewer'] } });
  assert.equal(codeOf(await approve(orphan.value.id, ben)), 'conflict');
  assert.equal(codeOf(await withdrawCommand(at, withRoles(ben, ['reviewer']), orphan.value.id)), 'not-allowed');
  assert.equal(codeOf(await withdrawCommand(at, ben, orphan.value.id)), 'ok');
});

test('no text of the web names a program: a server picks a command by a name, and paths are no names', async () => {
  const paths = [
    '/bin/sh',
    '../../bin/sh',
    'sh -c id',
    '`id`',
    '$(id)',
    'a;id',
    'a\nid',
    'a\0b',
    '..',
    './x',
    '\u2215bin',
    'x'.repeat(80),
  ];
  for (const path of paths) {
    const asServer = serverCreateSchema.safeParse({ transport: 'stdio', name: 'fuzz', command: path });
    if (asServer.success)
      assert.equal(codeOf(await registerServer(at, at.admin, asServer.data)), 'invalid-request', path);
    assert.equal(
      serverCreateSchema.safeParse({ transport: 'stdio', name: 'fuzz', command: 'x', argv: [path] }).success,
      false,
    );
    assert.equal(commandProposeSchema.safeParse({ name: path, argv: [NODE], reason: 'test it' }).success, false, path);
    const started = await at.startChild?.({ name: path, configHash: 'c'.repeat(64) });
    assert.equal(started?.ok, false);
  }
  assert.equal(await at.prisma.server.count({ where: { name: 'fuzz' } }), 0);
});
