import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type CredentialedUpstream, startCredentialedUpstream } from '#tests/fakes/credentialed-upstream.ts';
import { command, fileIn, pretendToRun } from '#tests/fixtures/command-line.ts';
import { inDays, registerCredentialed } from '#tests/fixtures/credentials.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

const OLD = 'cli-canary-old-11112222';
const NEXT = 'cli-canary-next-33334444';
let at: Installation;
let upstream: CredentialedUpstream;

before(async () => {
  at = await openInstallation();
  upstream = await startCredentialedUpstream();
  upstream.accepts = ({ authorization }) => authorization === `Bearer ${OLD}` || authorization === `Bearer ${NEXT}`;
  await registerCredentialed(at, 'alpha', upstream.port, upstream.url);
  pretendToRun(at);
});
after(async () => {
  await upstream?.close();
  await at?.close();
});

function secretFile(name: string, secret: string): string {
  const path = fileIn(at.dataDir, name, `${secret}\n`);
  chmodSync(path, 0o600);
  return path;
}

test('add, test, rotate, list and retire at the host, and no output ever has a secret', async () => {
  const said: string[] = [];
  const run = async (...argv: string[]) => {
    const ran = await command(at.dataDir, 'credentials', ...argv);
    said.push(ran.out, ran.err);
    return ran;
  };
  const because = ['--reason', 'set by the test'];
  const add = ['add', 'alpha-key', '--server', 'alpha', '--kind', 'bearer', ...because];
  const old = secretFile('old', OLD);
  assert.equal((await run(...add, '--secret-file', old)).code, 1, 'a long-lived one needs an end');
  const added = await run(...add, '--secret-file', old, '--ends', inDays(30).slice(0, 10));
  assert.equal(added.code, 0, added.err);
  assert.match((await run('test', 'alpha-key')).out, /2 tools/);
  const wrong = await run('rotate', 'alpha-key', '--secret-file', secretFile('wrong', 'cli-canary-wrong'), ...because);
  assert.notEqual(wrong.code, 0);
  const rotated = await run('rotate', 'alpha-key', '--secret-file', secretFile('next', NEXT), ...because);
  assert.equal(rotated.code, 0, rotated.err);
  assert.match((await run('list')).out, /alpha-key +alpha +bearer/);
  assert.equal((await run('list', '--json')).code, 0);
  assert.equal((await run('retire', 'alpha-key', ...because)).code, 0);
  for (const text of said) assert.ok(!text.includes('cli-canary'), text);
});

test('a person’s token is refused at the host as in the console', async () => {
  const token = `ghp_${'a1B2'.repeat(9)}`;
  const add = ['credentials', 'add', 'alpha-key', '--server', 'alpha', '--kind', 'bearer', '--reason', 'mine'];
  const ran = await command(
    at.dataDir,
    ...add,
    '--secret-file',
    secretFile('pat', token),
    '--ends',
    inDays(30).slice(0, 10),
  );
  assert.notEqual(ran.code, 0);
  assert.match(ran.err, /GitHub App/);
  assert.ok(!ran.err.includes(token));
});
