// `agents create --save` and `rotate --save`: the file that a bridge takes, and nothing of it on the screen.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readCredentials } from '#cli/bridge/credentials.ts';
import { command, fileIn, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
const run = (...argv: string[]) => command(at.dataDir, ...argv);
const create = (name: string, ...more: string[]) =>
  run('agents', 'create', name, '--owner', 'ana@example.com', ...more);
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
});
after(() => at.close());

test('a saved secret is a file of its owner, which a bridge reads, and is shown nowhere', async () => {
  const file = join(at.dataDir, 'bot.json');
  const made = await create('bot', '--save', file);
  assert.equal(made.code, 0, made.err);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const saved = readCredentials({ tokenFile: file });
  assert.ok(saved.ok && saved.value.kind === 'secret');
  const agent = await at.prisma.agent.findUniqueOrThrow({ where: { name: 'bot' } });
  assert.equal(saved.value.clientId, agent.clientId);
  assert.doesNotMatch(`${made.out}${made.err}`, /css_/);
  assert.ok(made.out.includes(file));

  const rotated = await run('agents', 'rotate', 'bot', '--save', file, '--json');
  assert.equal(rotated.code, 0, rotated.err);
  assert.doesNotMatch(rotated.out, /css_/);
  const next = readCredentials({ tokenFile: file });
  assert.ok(next.ok && next.value.kind === 'secret');
  assert.notEqual(next.value.clientSecret, saved.value.clientSecret);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a file that cannot take the secret is refused before there is one', async () => {
  const taken = fileIn(at.dataDir, 'taken.json', '{}');
  const link = join(at.dataDir, 'link.json');
  symlinkSync(taken, link);
  const closed = join(at.dataDir, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  const asRoot = process.getuid?.() === 0;
  const paths = [taken, link, join(at.dataDir, 'nowhere', 'a.json'), `cs_${'x'.repeat(40)}`];
  for (const path of asRoot ? paths : [...paths, join(closed, 'a.json')]) {
    const refused = await create('late', '--save', path);
    assert.equal(refused.code, 2, path);
  }
  assert.equal(readFileSync(taken, 'utf8'), '{}');
  assert.equal(await at.prisma.agent.findUnique({ where: { name: 'late' } }), null);
  // A rotation replaces its own file, but never follows a link.
  assert.equal((await run('agents', 'rotate', 'bot', '--save', link)).code, 2);
  assert.ok(!existsSync(join(at.dataDir, 'nowhere')));
});

test('without --save the secret is shown, once, as before', async () => {
  const made = await create('loud');
  assert.match(made.out, /css_/);
});
