// Another master key, with the process that wraps killed in the middle.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openMaterial } from '#lib/server/credentials/material.ts';
import { finishRewrap, rewrapKeys } from '#lib/server/credentials/rewrap.ts';
import { storeVersion } from '#lib/server/credentials/vault.ts';
import { loadKeys } from '#lib/server/keys/load-keys.ts';
import { open, seal } from '#lib/server/keys/seal.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

const MANY = 80;
const actor = { kind: 'operator', name: 'root' } as const;

let at: Installation;
let newFile: string;
const made: { id: string; server: { id: string; configHash: string }; secret: string }[] = [];

before(async () => {
  at = await openInstallation();
  newFile = join(at.dataDir, 'next-master.key');
  writeFileSync(newFile, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  for (let n = 0; n < MANY; n++) {
    const server = { id: randomUUID(), configHash: n.toString(16).padStart(64, '0') };
    const one = { id: randomUUID(), server, secret: `rewrap-canary-${n}-${randomUUID()}` };
    await at.prisma.server.create({
      data: { ...server, name: `s-${n}`, transport: 'http', url: 'http://127.0.0.1:1/mcp' },
    });
    await at.prisma.credential.create({
      data: {
        id: one.id,
        name: `k-${n}`,
        serverId: server.id,
        configHash: server.configHash,
        kind: 'basic',
        config: { kind: 'basic', username: 'u' },
        migrationOnly: false,
      },
    });
    const place = { secretId: randomUUID(), credentialId: one.id, version: 1, serverId: server.id };
    const version = { state: 'current', secret: one.secret, publicJwk: null } as const;
    await storeVersion(at.prisma, at.keys.wrapper, { ...place, configHash: server.configHash }, version);
    made.push(one);
  }
});
after(async () => {
  await at?.close();
});

async function opensWith(keys: Installation['keys']): Promise<number> {
  let opened = 0;
  for (const { id, server, secret } of made) {
    const read = await openMaterial({ prisma: at.prisma, keys }, { credentialId: id, version: 1, server });
    if (read.ok && read.value.secret === secret) opened++;
  }
  return opened;
}

test('killed in the middle it loses nothing, and run again it goes on where it was', async () => {
  const source = `
    import { createPrisma } from '#lib/server/db/prisma.ts';
    import { rewrapKeys } from '#lib/server/credentials/rewrap.ts';
    import { loadKeys } from '#lib/server/keys/load-keys.ts';
    const [url, dataDir, file] = process.argv.slice(1);
    const prisma = createPrisma(url, { max: 1, name: 'rewrap' });
    await rewrapKeys({ prisma, keys: loadKeys(dataDir), dataDir, actor: { kind: 'operator', name: 'root' } }, file);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, at.url, at.dataDir, newFile], {
    stdio: 'ignore',
  });
  await eventually('the first keys wrapped', async () => (await at.prisma.credentialWrap.count()) > MANY);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  const half = (await at.prisma.credentialWrap.count()) - MANY;
  assert.ok(half > 0, `${half}`);
  assert.equal(await opensWith(at.keys), MANY, 'the processes that run go on with the old key');
  assert.equal(await opensWith(loadKeys(at.dataDir, newFile)), half, 'the new key opens what it wraps');

  const again = await rewrapKeys({ ...at, actor }, newFile);
  assert.equal(again.ok ? again.value.wrapped + again.value.already : again.error, MANY);
  assert.equal(await opensWith(loadKeys(at.dataDir, newFile)), MANY);
  assert.equal(await opensWith(at.keys), MANY);
});

test('what is sealed under the data root opens after the change as before, and no secret was sealed anew', async () => {
  const next = loadKeys(at.dataDir, newFile);
  assert.notEqual(next.wrapper.id, at.keys.wrapper.id);
  const sealed = seal(at.keys.masterKey, 'a payload', 'place');
  assert.equal(open(next.masterKey, sealed, 'place').toString(), 'a payload');
});

test('the end is refused while a secret is under the old key only, and takes the old key’s way afterwards', async () => {
  const next = loadKeys(at.dataDir, newFile);
  const [first] = made;
  assert.ok(first !== undefined);
  // A secret that a running process stored meanwhile has one wrap: the old key's.
  await at.prisma.$executeRaw`DELETE FROM credential_wraps WHERE key_id = ${next.wrapper.id} AND secret_id IN (
    SELECT id FROM credential_secrets WHERE credential_id = ${first.id}::uuid)`;
  const early = await finishRewrap({ ...at, keys: next, actor });
  assert.equal(early.ok, false);
  assert.equal(await opensWith(at.keys), MANY, 'nothing was removed');
  assert.ok((await rewrapKeys({ ...at, actor }, newFile)).ok);
  const finished = await finishRewrap({ ...at, keys: next, actor });
  assert.deepEqual(finished, { ok: true, value: { removed: MANY } });
  assert.equal(await opensWith(at.keys), 0, 'the old key opens nothing');
  assert.equal(await opensWith(loadKeys(at.dataDir, newFile)), MANY);
  assert.throws(() => loadKeys(at.dataDir), /not one that the data of this installation is wrapped with/);
});

test('the key in use is no new key, and a file that others may read is refused', async () => {
  const next = loadKeys(at.dataDir, newFile);
  const same = await rewrapKeys({ ...at, keys: next, actor }, newFile);
  assert.equal(same.ok, false);
});
