import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHookCommand } from './run-hook-command.ts';

const shell = (script: string) => ['/bin/sh', '-c', script];
const SOON_MS = 8_000;

test('a rotation command that leaves a program behind is answered at its own end', { timeout: SOON_MS }, async () => {
  const answer = await runHookCommand(shell('sleep 20 & echo {}; exit 0'), '{}');
  assert.deepEqual(answer, { ok: true, value: '{}\n' });
});

test('a rotation command that prints without an end is cut with what it started', { timeout: SOON_MS }, async () => {
  const answer = await runHookCommand(shell('sleep 20 & head -c 100000 /dev/zero; sleep 20'), '{}');
  assert.match(answer.ok ? '' : answer.error, /more than 65536 bytes/);
});

test('a rotation command that a grandchild keeps open is cut in time', { timeout: SOON_MS }, async () => {
  const answer = await runHookCommand(shell('(setsid sleep 20) & sleep 20'), '{}', 300);
  assert.match(answer.ok ? '' : answer.error, /longer than 0.3 s/);
});

test('what a rotation command is asked, prints and ends with is told', async () => {
  assert.deepEqual(await runHookCommand(shell('cat'), 'the question'), { ok: true, value: 'the question' });
  const failed = await runHookCommand(shell('exit 3'), '');
  assert.match(failed.ok ? '' : failed.error, /^The rotation command ended with code 3\. /);
  const killed = await runHookCommand(shell('kill -9 $$'), '');
  assert.match(killed.ok ? '' : killed.error, /signal SIGKILL/);
  const absent = await runHookCommand(['/nowhere/at-all'], '');
  assert.match(absent.ok ? '' : absent.error, /could not be started: see that/);
});
