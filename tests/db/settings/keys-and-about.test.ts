import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aboutSchema, keysSchema } from '#lib/contracts/settings.ts';
import { readAbout } from '#lib/server/about/read-about.ts';
import { rotateSigningKeys } from '#lib/server/agents/signing-keys.ts';
import { renamePasskey } from '#lib/server/passkeys/rename-passkey.ts';
import { readKeys } from '#lib/server/settings/read-keys.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

test('the keys page tells names and ages, and not a byte of a secret', async () => {
  await rotateSigningKeys(at);
  const keys = keysSchema.parse(await readKeys(at.prisma, at.keys));
  const text = JSON.stringify(keys);
  const directory = join(at.dataDir, 'keys');
  for (const name of readdirSync(directory).filter((file) => file !== 'log.pub')) {
    const content = readFileSync(join(directory, name), 'utf8');
    const secrets = name.endsWith('.jwk') ? [String(JSON.parse(content).d)] : [content.trim()];
    for (const secret of secrets) assert.ok(secret.length > 20 && !text.includes(secret), name);
  }
  assert.equal(keys.log.vkey, at.keys.logSigning.vkey);
  const [signing, ...others] = keys.signing.items;
  assert.deepEqual([signing?.kid, signing?.state, others.length], [at.keys.tokenSigning.kid, 'signing', 0]);
  const inDays = (Date.parse(keys.signing.nextRotationAt ?? '') - Date.now()) / 86_400_000;
  assert.ok(inDays > 29.9 && inDays <= 30);
});

test('a key that was published ahead is the next one, and its time is the next rotation', async () => {
  await at.prisma.signingKey.updateMany({ data: { signsFrom: new Date(Date.now() - 29.5 * 86_400_000) } });
  await rotateSigningKeys(at);
  const { signing } = await readKeys(at.prisma, at.keys);
  assert.deepEqual(
    signing.items.map((key) => key.state),
    ['next', 'signing'],
  );
  assert.equal(signing.nextRotationAt, signing.items[0]?.signsFrom);
});

test('a process that went silent is told from one that runs and one that ended', async () => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  const plant = (kind: string, lastSeenAt: Date, stoppedAt: Date | null = null) =>
    at.prisma.processInstance.create({ data: { id: randomUUID(), kind, lastSeenAt, stoppedAt } });
  await plant('gateway', ago(1));
  await plant('gateway', ago(60));
  await plant('worker', ago(60), ago(60));
  await plant('worker', ago(3600), ago(3600));
  const about = aboutSchema.parse(
    await readAbout(at.prisma, { gatewayUrl: 'http://localhost:4000', consoleUrl: 'http://localhost:3000' }),
  );
  const states = about.processes.map((one) => `${one.kind} ${one.state}`).sort();
  assert.deepEqual(states, ['gateway silent', 'gateway up', 'worker stopped']);
  assert.equal(about.processes.find((one) => one.state === 'up')?.isCurrent, false);
  assert.ok(about.database.bytes > 1_000_000 && about.log.waiting > 0 && (about.log.oldestWaitingMs ?? 0) > 0);
  assert.equal(about.parts[0]?.name, 'Countersign');
});

test('a passkey gets another name from its owner alone', async () => {
  const ben = await addPerson(at, 'ben');
  const id = randomUUID();
  const key = { credentialId: 'x', publicKey: new Uint8Array(1), counter: 0n, transports: [], backedUp: false };
  await at.prisma.passkey.create({
    data: { id, personId: ben.id, name: 'Key', ...key },
  });
  const theirs = await renamePasskey(at, at.admin, id, 'Mine now');
  assert.deepEqual(theirs, { ok: false, error: { code: 'not-found' } });
  assert.equal((await renamePasskey(at, ben, id, 'Work laptop')).ok, true);
  assert.equal((await at.prisma.passkey.findUniqueOrThrow({ where: { id } })).name, 'Work laptop');
  const events = (await recordedEvents(at.prisma)).filter((event) => event.type === 'passkey.renamed');
  assert.match(events[0]?.text ?? '', /"name":"Work laptop","nameBefore":"Key"/);
  assert.equal(events.length, 1);
});
