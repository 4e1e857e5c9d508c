import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { visibleSegments } from '#lib/core/text/visible.ts';
import { watchKillFile } from '#lib/server/kill-switch/kill-file.ts';
import { stepLog } from '#tests/fixtures/audit-log.ts';
import { command, fileIn, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

let at: Installation;
let calls: HeldCalls;
const run = (...argv: string[]) => command(at.dataDir, ...argv);

before(async () => {
  at = await openInstallation();
  pretendToRun(at);
  calls = await holdCalls(at);
});
after(async () => {
  await calls.close();
  await at.close();
});

test('what the operator does is recorded under the account at the host', async () => {
  const invited = await run('people', 'invite', 'Ben@Example.com', '--roles', 'reviewer');
  assert.equal(invited.code, 0, invited.err);
  assert.match(invited.out, /http:\/\/localhost:3000\/setup\?token=\S+/);
  const event = (await recordedEvents(at.prisma)).find((one) => one.type === 'person.invited');
  assert.ok(event !== undefined);
  assert.ok(event.text.includes(`"actor":{"id":"${userInfo().username}"`), event.text);
  assert.ok(event.text.includes('"type":"operator"'));
});

test('an agent made here works with the secret that is shown once, and --json carries the same', async () => {
  const made = await run('agents', 'create', 'bot', '--owner', 'ana@example.com', '--servers', 'host', '--json');
  assert.equal(made.code, 0, made.err);
  const { clientId, clientSecret } = JSON.parse(made.out);
  assert.match(clientId, /\S+/);
  const issued = await run('agents', 'token', 'bot', '--audience', '/mcp/host', '--ttl', '60');
  assert.match(issued.out, /^For http:\/\/localhost:4000\/mcp\/host until .*\ncs_\S+$/);
  const listed = await run('agents', 'list');
  assert.match(listed.out, /^bot +Ana +sdk +active +host/m);
  assert.ok(!listed.out.includes(clientSecret));
  assert.equal((await run('agents', 'token', 'bot', '--audience', '/mcp/other')).code, 1);
  assert.equal((await run('agents', 'revoke', 'bot', '--reason', 'no longer needed')).code, 0);
  assert.equal((await run('agents', 'rotate', 'bot')).code, 1);
});

test('what an agent wrote steers no terminal, in text and with --json (T32, T33, U02)', async () => {
  const hostile = 'a\u001b[2J\u001b]8;;http://evil.example\u0007b\u202e\u2066\u200b\u3164\u009bc\rd\u{e0041}';
  const held = await calls.hold({
    args: { command: hostile, [`k${hostile}`]: 1 },
    reason: hostile,
    onBehalfOf: hostile,
    session: hostile,
  });
  for (const argv of [['approvals', 'show', held.id], ['approvals', 'list'], ['audit', 'tail'], ['status']]) {
    for (const more of [[], ['--json']]) {
      const { out, err } = await run(...argv, ...more);
      const hidden = visibleSegments(out + err, { multiline: true }).filter(({ kind }) => kind === 'marker');
      assert.deepEqual(hidden, [], [...argv, ...more].join(' '));
    }
  }
  const shown = await run('approvals', 'show', held.id);
  for (const mark of ['U+001B', 'U+0007', 'U+202E', 'U+2066', 'U+200B', 'U+3164', 'U+009B', 'U+000D', 'U+E0041']) {
    assert.ok(shown.out.includes(`⟨${mark}⟩`), mark);
  }
  const read = JSON.parse((await run('approvals', 'show', held.id, '--json')).out);
  assert.ok(JSON.stringify(read).includes(JSON.stringify(hostile).slice(1, -1)), 'a program reads what was said');
});

test('the operator reads what waits, but a person decides', async () => {
  const held = await calls.hold({ args: { command: 'rm\u202e -rf /' }, reason: 'clean\u001b[2Jing up' });
  const listed = await run('approvals', 'list');
  assert.match(listed.out, new RegExp(`^${held.id} +pending +high +runner +host/exec +0 of 1`, 'm'));
  const shown = await run('approvals', 'show', held.id);
  assert.match(shown.out, /Arguments {3}\{"command":"rm⟨U\+202E⟩ -rf \/"\}/);
  assert.match(shown.out, /Agent says {2}clean⟨U\+001B⟩\[2Jing up/);
  for (const decision of ['approve', 'deny']) {
    const refused = await run('approvals', decision, held.id);
    assert.equal(refused.code, 4);
    assert.match(refused.err, new RegExp(`http://localhost:3000/approvals/${held.id}`));
  }
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: held.id }, include: { votes: true } });
  assert.deepEqual([row.status, row.votes], ['pending', []]);
  assert.equal((await run('approvals', 'show', 'nonsense')).code, 1);
});

test('a kill voids what waits, and its restore waits for a person', async () => {
  const held = await calls.hold();
  const killed = await run('kill', 'class:shell', '--reason', 'looks wrong', '--json');
  assert.equal(killed.code, 0, killed.err);
  assert.equal(JSON.parse(killed.out).by, 'database');
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: held.id } });
  assert.equal(row.status, 'killed');
  const opened = await run('restore', 'class:shell', '--reason', 'found the cause');
  assert.equal(opened.code, 0, opened.err);
  assert.match(opened.out, /security or admin must confirm it at http:\/\/localhost:3000\/kill-switch/);
  const state = await at.prisma.killState.findUniqueOrThrow({ where: { scope: 'class:shell' } });
  assert.equal(state.on, true);
  assert.match((await run('status')).out, /Stopped {4}class:shell/);
  assert.equal((await run('kill', 'server:nothing', '--reason', 'misspelt')).code, 1);
  assert.equal((await run('kill', 'High-Risk', '--reason', 'misspelt')).code, 2);
});

test('without a database a kill goes into the file that gateways read', async () => {
  pretendToRun(at, 'postgresql://nobody@127.0.0.1:1/none');
  try {
    const killed = await run('kill', 'server:host', '--reason', 'the database is gone');
    assert.equal(killed.code, 0, killed.err);
    assert.match(killed.out, /The database does not answer\.\nWrote "server:host" into /);
    const watched = watchKillFile(at.dataDir, () => undefined);
    assert.deepEqual(watched.scopes(), [{ kind: 'server', server: 'host' }]);
    watched.close();
    assert.equal((await run('status')).code, 3);
    assert.equal((await run('kill', 'nonsense', '--reason', 'misspelt')).code, 2);
    assert.equal(readFileSync(join(at.dataDir, 'KILL'), 'utf8'), 'server:host\n');
  } finally {
    rmSync(join(at.dataDir, 'KILL'), { force: true });
    pretendToRun(at);
  }
});

test('an export made here verifies offline, and does not once a byte is changed', async () => {
  const log = await stepLog(at.url);
  await log.drainAndPublish(at.keys.logSigning);
  await log.close();
  const file = join(at.dataDir, 'log.ndjson');
  const key = join(at.dataDir, 'keys', 'log.pub');
  assert.equal((await run('audit', 'export', '-o', file)).code, 0);
  assert.match((await run('verify', file, '--key', key)).out, /^VERIFIED: all \d+ entries/);
  const changed = fileIn(at.dataDir, 'changed.ndjson', readFileSync(file, 'utf8').replace('reviewer', 'adminxxx'));
  const failed = await run('verify', changed, '--key', key);
  assert.equal(failed.code, 1);
  assert.match(failed.out, /^FAILED/);
  assert.equal((await run('verify', join(at.dataDir, 'none.ndjson'))).code, 2);

  const call = await at.prisma.auditEntry.findFirstOrThrow({ where: { type: 'request.opened' } });
  const evidence = join(at.dataDir, 'evidence.tar.gz');
  assert.equal((await run('audit', 'export', '--call', call.callId ?? '', '-o', evidence)).code, 0);
  const part = await run('verify', evidence, '--key', key);
  assert.match(part.out, new RegExp(`^VERIFIED IN PART: .*Evidence of: call ${call.callId}`));
  const since = ['--since', new Date(Date.now() - 3_600_000).toISOString()];
  assert.equal((await run('audit', 'export', ...since, '-o', evidence)).code, 0);
  assert.match((await run('verify', evidence, '--key', key)).out, /^VERIFIED IN PART/);
  assert.equal((await run('audit', 'export', '--call', 'x', '-o', evidence)).code, 2);
  assert.equal((await run('audit', 'export', '--session', 'nobody/none', '-o', evidence)).code, 1);
});

test('the log can be tailed and searched, page by page', async () => {
  const newest = await run('audit', 'tail', '-n', '1', '--json');
  const [row] = JSON.parse(newest.out).items;
  assert.match((await run('audit', 'tail', '-n', '3')).out, new RegExp(`^ *${row.seq} {2}.*$`, 'm'));
  const found = await run('audit', 'search', '--type', 'request.', '--limit', '1');
  assert.match(found.out, /request\.\S+[^\n]*\nMore: --cursor \d+$/);
  assert.equal((await run('audit', 'search', '--since', 'yesterday')).code, 2);
  assert.equal((await run('audit', 'search', '--call', 'no-uuid')).code, 2);
});

test('doctor finds what is wrong with keys and says that the rest is well', async () => {
  const well = await run('doctor', '--json');
  const findings: { check: string; state: string }[] = JSON.parse(well.out).findings;
  const stateOf = (check: string) => findings.find((one) => one.check === check)?.state;
  assert.deepEqual(['node', 'data', 'keys', 'migrations', 'clock', 'log'].map(stateOf), [
    'good',
    'good',
    'good',
    'good',
    'good',
    'good',
  ]);
  assert.equal(well.code, 0);
  fileIn(at.dataDir, 'log-head.json', `${JSON.stringify({ size: 100_000, root: '0'.repeat(64) })}\n`);
  const rolledBack = await run('doctor');
  assert.equal(rolledBack.code, 1);
  assert.match(rolledBack.err, /^BAD {2}log .*another log than this host has seen/m);
  rmSync(join(at.dataDir, 'log-head.json'));
});

test('a directory where nothing runs is unreachable, and no keys are made in it', async () => {
  const empty = join(at.dataDir, 'empty');
  for (const argv of [['status'], ['people', 'list'], ['apply', '-f', '-']]) {
    const ran = await command(empty, ...argv);
    assert.equal(ran.code, 3, argv.join(' '));
  }
  const killed = await command(empty, 'kill', 'everything', '--reason', 'nothing there');
  assert.equal(killed.code, 3);
  assert.match(killed.err, /nothing was stopped/);
  assert.ok(!existsSync(empty));
});

test('wrong usage ends with 2 and help with 0', async () => {
  for (const argv of [['nonsense'], ['kill'], ['kill', 'everything'], ['people', 'invite', 'x', '--roles', 'king']]) {
    assert.equal((await run(...argv)).code, 2, argv.join(' '));
  }
  const help = await run('--help');
  assert.equal(help.code, 0);
  assert.doesNotMatch(help.out, /import/);
});
