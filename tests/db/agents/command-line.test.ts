// The keys and sessions of an agent from the host: commands and configuration file.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { command, fileIn, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
const pair = generateKeyPairSync('ed25519');
const publicJwk = JSON.stringify(pair.publicKey.export({ format: 'jwk' }));
const privateJwk = JSON.stringify(pair.privateKey.export({ format: 'jwk' }));
const run = (...argv: string[]) => command(at.dataDir, ...argv);
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
});
after(() => at.close());

test('keys are listed, added from a file and ended; a private half is refused and never said back', async () => {
  assert.equal((await run('agents', 'create', 'bot', '--owner', 'ana@example.com')).code, 0);
  const secret = fileIn(at.dataDir, 'private.jwk', privateJwk);
  const refused = await run('agents', 'keys', 'bot', '--add', secret);
  assert.equal(refused.code, 1);
  const { d } = pair.privateKey.export({ format: 'jwk' });
  assert.ok(!`${refused.out}${refused.err}`.includes(String(d)));
  const added = await run('agents', 'keys', 'bot', '--add', fileIn(at.dataDir, 'public.jwk', publicJwk));
  assert.equal(added.code, 0, added.err);
  const listed = await run('agents', 'keys', 'bot');
  assert.match(listed.out, /EdDSA/);
  assert.match(listed.out, /secret/);
  const [id = ''] = /[0-9a-f-]{36}(?= +EdDSA)/.exec(listed.out) ?? [];
  assert.equal((await run('agents', 'keys', 'bot', '--end', id)).code, 0);
  assert.doesNotMatch((await run('agents', 'keys', 'bot')).out, /EdDSA/);
});

test('a rotation tells its overlap, and the list says what ends next', async () => {
  const rotated = await run('agents', 'rotate', 'bot', '--overlap', '600');
  assert.match(rotated.out, /css_/);
  assert.match((await run('agents', 'list')).out, /old key /);
  assert.equal((await run('agents', 'rotate', 'bot', '--overlap', '0')).code, 0);
  assert.doesNotMatch((await run('agents', 'list')).out, /old key /);
});

test('a session is quarantined and lifted; one that is not the agent’s is not there', async () => {
  const agent = await at.prisma.agent.findUniqueOrThrow({ where: { name: 'bot' } });
  await at.prisma.mcpSession.create({
    data: { id: 'AAAAAAAAAAAAAAAAAAAAAA', agentId: agent.id, target: '/mcp', protocolVersion: '2025-11-25' },
  });
  const why = ['--reason', 'it read a secret'];
  assert.equal((await run('agents', 'quarantine', 'bot', 'BBBBBBBBBBBBBBBBBBBBBB', ...why)).code, 1);
  assert.equal((await run('agents', 'quarantine', 'bot', 'AAAAAAAAAAAAAAAAAAAAAA', ...why)).code, 0);
  assert.match((await run('agents', 'sessions', 'bot')).out, /AAAAAAAAAAAAAAAAAAAAAA +mcp +quarantined/);
  assert.match((await run('agents', 'list')).out, /1 quarantined/);
  assert.equal((await run('agents', 'quarantine', 'bot', 'AAAAAAAAAAAAAAAAAAAAAA', ...why, '--lift')).code, 0);
  assert.match((await run('agents', 'sessions', 'bot')).out, /AAAAAAAAAAAAAAAAAAAAAA +mcp +open/);
});

test('the configuration file declares public keys, once, and an export carries them', async () => {
  const file = (jwk: string) =>
    fileIn(
      at.dataDir,
      'countersign.yaml',
      `version: 1\nagents:\n  - { name: declared, owner: ana@example.com, keys: [${jwk}] }\n`,
    );
  const refused = await run('apply', '-f', file(privateJwk));
  assert.equal(refused.code, 1);
  assert.equal(await at.prisma.agent.findUnique({ where: { name: 'declared' } }), null, 'nothing is half applied');
  const applied = await run('apply', '-f', file(publicJwk));
  assert.equal(applied.code, 0, applied.err);
  const again = await run('apply', '-f', file(publicJwk));
  assert.doesNotMatch(again.out, /agent declared/);
  const kept = await at.prisma.agentKey.count({ where: { kind: 'jwk', revokedAt: null } });
  assert.equal(kept, 1);
  const exported = await run('export');
  const { x } = pair.publicKey.export({ format: 'jwk' });
  assert.ok(exported.out.includes(String(x)));
});
