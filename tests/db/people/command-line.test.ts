import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readSession } from '#lib/server/auth/sessions.ts';
import { command, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
});
after(() => at.close());

const people = (...argv: readonly string[]) => command(at.dataDir, 'people', ...argv);

test('roles and groups are set from the host, and the last admin is not lost there either', async () => {
  await addPerson(at, 'ben', ['reviewer']);
  const changed = await people('roles', 'Ben@example.com', 'security,reviewer', '--groups', 'platform-team');
  assert.deepEqual([changed.code, changed.out], [0, 'ben@example.com: reviewer security, in platform-team, active']);
  assert.equal((await people('roles', 'ben@example.com', 'king')).code, 2);
  assert.equal((await people('roles', 'nobody@example.com', 'admin')).code, 1);
  for (const argv of [
    ['roles', 'ana@example.com', 'none'],
    ['disable', 'ana@example.com'],
  ] as const) {
    const refused = await people(...argv);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /admin/);
  }
});

test('sessions are listed and ended, and disabling ends them all', async () => {
  const cleo = await addPerson(at, 'cleo', ['reviewer']);
  const listed = await people('sessions', 'cleo@example.com');
  assert.ok(listed.out.includes(cleo.sessionId));
  assert.equal((await people('revoke', 'cleo@example.com', 'no-id')).code, 2);
  const ended = await people('revoke', 'cleo@example.com', cleo.sessionId);
  assert.deepEqual([ended.code, ended.out], [0, 'Ended: 1']);
  assert.equal(await readSession(at.prisma, cleo.sessionId), null);
  assert.match((await people('sessions', 'cleo@example.com')).out, /Signed in nowhere/);
  assert.equal((await people('disable', 'cleo@example.com')).code, 0);
  assert.match((await people('list')).out, /cleo@example\.com +cleo +reviewer +disabled/);
  assert.equal((await people('enable', 'cleo@example.com')).code, 0);
});

test('an invitation is withdrawn once', async () => {
  assert.equal((await people('invite', 'gus@example.com', '--roles', 'reviewer')).code, 0);
  assert.equal((await people('uninvite', 'gus@example.com')).code, 0);
  assert.equal((await people('uninvite', 'gus@example.com')).code, 1);
});
