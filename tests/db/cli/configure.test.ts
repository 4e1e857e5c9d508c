import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { command, fileIn, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { type McpFixture, startMcpServer, tool } from '#tests/fixtures/servers.ts';

let at: Installation;
let upstream: McpFixture;
let file = '';
const run = (...argv: string[]) => command(at.dataDir, ...argv);

before(async () => {
  at = await openInstallation();
  pretendToRun(at);
  upstream = await startMcpServer([tool('read_ticket'), tool('delete_ticket')]);
  file = fileIn(
    at.dataDir,
    'countersign.yaml',
    `version: 1
people:
  - { email: ben@example.com, roles: [reviewer] }
servers:
  - { name: tickets, transport: http, url: "${upstream.url}", tier: medium }
agents:
  - { name: bot, owner: ana@example.com, servers: [tickets] }
`,
  );
});
after(async () => {
  await upstream.close();
  await at.close();
});

test('apply asks for the allowlist entry, shows what would change, changes it, and then has nothing to change', async () => {
  const asked = await run('apply', '-f', file);
  assert.equal(asked.code, 1);
  assert.match(asked.err, new RegExp(`\\{ scheme: http, host: 127\\.0\\.0\\.1, port: ${upstream.port}, .*cidr: `));
  const dry = await run('apply', '-f', file, '--add-egress', '--dry-run');
  assert.equal(dry.code, 0, dry.err);
  assert.match(dry.out, /^\+ add server tickets$/m);
  assert.match(dry.out, /change\(s\) would be made\.$/);
  assert.equal(await at.prisma.server.count(), 0);
  const applied = await run('apply', '-f', file, '--add-egress');
  assert.equal(applied.code, 0, applied.err);
  assert.match(applied.out, /^Agent bot: client id \S+, client secret \S+ \(shown this once\)$/m);
  assert.match(applied.out, /^Invitation for ben@example\.com: http:\/\/localhost:3000\/setup\?token=\S+$/m);
  assert.equal((await run('apply', '-f', file)).out, 'Nothing to change.');
});

test('what export prints, apply takes without a change', async () => {
  const exported = await run('export');
  assert.equal(exported.code, 0);
  const again = fileIn(at.dataDir, 'exported.yaml', exported.out);
  assert.equal((await run('apply', '-f', again)).out, 'Nothing to change.');
});

test('a fault in the file names its line, and nothing is changed', async () => {
  const bad = fileIn(at.dataDir, 'bad.yaml', 'version: 1\nservers:\n  - name: ghost\n    transport: htp\n');
  const refused = await run('apply', '-f', bad);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /bad\.yaml:4:\d+ invalid-value servers\[0\]\.transport/);
  assert.equal(await at.prisma.server.count({ where: { name: 'ghost' } }), 0);
  assert.equal((await run('apply', '-f', `${bad}.none`)).code, 2);
});

test('definitions are accepted only as they were shown', async () => {
  assert.match((await run('servers', 'scan', 'tickets')).out, /^2 tools: 2 new/);
  const shown = await run('servers', 'accept', 'tickets');
  assert.match(shown.out, /^delete_ticket \(new; suggested high/m);
  const digest = /--seen ([0-9a-f]{16})$/.exec(shown.out)?.[1] ?? '';
  const state = () => at.prisma.tool.count({ where: { pinState: 'accepted' } });
  assert.equal(await state(), 0);
  upstream.tools = [tool('read_ticket'), tool('delete_ticket', { description: 'Now also mails it to a stranger' })];
  await run('servers', 'scan', 'tickets');
  const stale = await run('servers', 'accept', 'tickets', '--seen', digest);
  assert.equal(stale.code, 1);
  assert.match(stale.err, /not the definitions that were shown/);
  assert.equal(await state(), 0);
  const fresh = /--seen ([0-9a-f]{16})$/.exec(stale.err)?.[1] ?? '';
  assert.equal((await run('servers', 'accept', 'tickets', '--seen', fresh)).out, '2 definition(s) accepted.');
  assert.equal(await state(), 2);
  assert.equal((await run('servers', 'accept', 'tickets')).out, 'No definition waits.');
});

test('a tag needs a reason and says so', async () => {
  assert.equal((await run('servers', 'tag', 'tickets', 'read_ticket', '--tier', 'low')).code, 2);
  const tag = ['servers', 'tag', 'tickets', 'read_ticket', '--tier', 'low', '--reason', 'reads one ticket'];
  assert.equal((await run(...tag)).out, 'Tagged.');
  assert.equal((await run(...tag)).out, 'It was tagged so already.');
  assert.match((await run('servers', 'list', 'tickets')).out, /^read_ticket +accepted +low .*reads one ticket$/m);
});

test('groups are listed, and changed all or none, at the host and by the file', async () => {
  await addPerson(at, 'cleo');
  await addPerson(at, 'dora');
  assert.equal((await run('groups', 'list')).out, 'No group yet.');
  const [cleo, dora] = ['cleo@example.com', 'dora@example.com'];
  const begun = await run('groups', 'change', 'on-call', '--add', `${cleo.toUpperCase()},${dora}`);
  assert.equal(begun.out, `on-call: ${cleo}, ${dora}`, begun.err);
  assert.match((await run('groups', 'list')).out, /on-call +cleo@example\.com, dora@example\.com +-/);
  const nobody = await run('groups', 'change', 'on-call', '--remove', `${cleo},ghost@example.com`);
  assert.deepEqual([nobody.code, /ghost@example\.com/.test(nobody.err)], [1, true]);
  for (const argv of [['on call', '--add', cleo], ['on-call'], ['on-call', '--add', cleo, '--remove', cleo]]) {
    assert.equal((await run('groups', 'change', ...argv)).code, 2, argv.join(' '));
  }
  assert.equal((await run('groups', 'change', 'on-call', '--remove', cleo)).out, `on-call: ${dora}`);

  const wanted = (members: string, people = '') =>
    fileIn(at.dataDir, 'groups.yaml', `version: 1\n${people}groups:\n  - { name: on-call, members: [${members}] }\n`);
  const made = await run('apply', '-f', wanted(cleo));
  assert.match(made.out, /^~ change group on-call: members$/m, made.err);
  assert.deepEqual(
    (await at.prisma.person.findMany({ where: { groups: { has: 'on-call' } } })).map((one) => one.email),
    [cleo],
  );
  assert.equal((await run('apply', '-f', wanted(cleo))).out, 'Nothing to change.');
  const ghost = await run('apply', '-f', wanted('ghost@example.com'));
  assert.match(ghost.err, /groups\[0\]\.members/);
  const twice = await run(
    'apply',
    '-f',
    wanted(dora, `people:\n  - { email: ${cleo}, roles: [reviewer], groups: [on-call] }\n`),
  );
  assert.match(twice.err, /cleo@example\.com is in on-call by people, and otherwise here/);
});

test('retention is told at the host and decided by two people in the console only', async () => {
  const shown = await run('retention', 'show');
  assert.match(shown.out, /^Kept +for ever$/m, shown.err);
  assert.match(shown.out, /settings\/retention$/m);
  for (const argv of [
    ['propose', '90'],
    ['approve', 'x'],
    ['withdraw', 'x'],
  ]) {
    const refused = await run('retention', ...argv);
    assert.deepEqual([refused.code, /settings\/retention/.test(refused.err)], [4, true], argv.join(' '));
  }
  const keep = (days: string) => fileIn(at.dataDir, 'keep.yaml', `version: 1\nretention: { payloadDays: ${days} }\n`);
  const said = await run('apply', '-f', keep('90'));
  assert.equal(said.code, 0, said.err);
  assert.match(
    said.out,
    /^Nothing to change\.\nRetention: .* kept for ever, the file says 90 days\. Two signed-in people/,
  );
  assert.equal(await at.prisma.retentionChange.count(), 0);
  assert.equal((await run('apply', '-f', keep('null'))).out, 'Nothing to change.');
  assert.equal((await run('apply', '-f', keep('5'))).code, 1);
});
