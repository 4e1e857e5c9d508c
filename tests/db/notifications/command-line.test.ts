// What the operator at the host sees of notifications, and does about them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { command, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel, type Notified, openNotified } from '#tests/fixtures/notifications.ts';

let at: Installation;
let calls: HeldCalls;
let wire: Tripwire;
let notified: Notified;
before(async () => {
  at = await openInstallation();
  calls = await holdCalls(at);
  wire = await startTripwire();
  notified = await openNotified(at);
  await addChannel(at, { kind: 'webhook', url: `http://127.0.0.1:${wire.port}/url-canary` }, { name: 'siem' });
  pretendToRun(at);
});
after(async () => {
  await notified?.close();
  await wire?.close();
  await calls?.close();
  await at?.close();
});

test('channels, a test, what was given up and a second try, and no output has a secret', async () => {
  const said: string[] = [];
  const run = async (...argv: string[]) => {
    const ran = await command(at.dataDir, 'notifications', ...argv);
    said.push(ran.out, ran.err);
    return ran;
  };
  assert.match((await run('channels')).out, /^siem +webhook +on +listed/m);
  assert.deepEqual(await run('test', 'siem'), { code: 0, out: 'It was taken.', err: '' });
  assert.equal((await run('test', 'nobody')).code, 1);
  wire.answer = { status: 410, headers: {}, body: '' };
  assert.equal((await run('test', 'siem')).code, 1);
  await calls.hold();
  await notified.tell();
  await notified.send();
  const dead = await run('deliveries', '--state', 'dead');
  assert.match(dead.out, /High: shell on host waits for a decision +It answered 410: it wants no more\.$/m);
  const [id = ''] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(dead.out) ?? [];
  assert.equal((await run('resend', id)).code, 0);
  assert.equal((await run('resend', id)).code, 1, 'it waits already');
  wire.answer = { status: 200, headers: {}, body: '' };
  await notified.send();
  assert.match((await run('deliveries', '--state', 'delivered')).out, new RegExp(id));
  assert.equal((await run('deliveries', '--state', 'nonsense')).code, 2);
  assert.doesNotMatch(said.join('\n'), /url-canary|whsec_/);
});
