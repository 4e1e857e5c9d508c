import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { applyConfig } from '#lib/server/apply/apply-config.ts';
import { exportConfig } from '#lib/server/apply/export-config.ts';
import { openMaterial } from '#lib/server/credentials/material.ts';
import { inDays, registerCredentialed } from '#tests/fixtures/credentials.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

const SECRET = 'apply-canary-3c2b1a0f9e8d';
const operator = { kind: 'operator', name: 'root' } as const;
const ends = inDays(40).slice(0, 10);

let at: Installation;
let secretFile: string;

before(async () => {
  at = await openInstallation();
  secretFile = join(at.dataDir, 'alpha.secret');
  writeFileSync(secretFile, `${SECRET}\n`, { mode: 0o600 });
  await registerCredentialed(at, 'alpha', 9, 'http://127.0.0.1:9/mcp');
});
after(async () => {
  await at?.close();
});

function apply(text: string, dryRun = false) {
  return applyConfig(text, { ...at, actor: operator, dryRun, consoleUrl: 'http://localhost:3000' });
}

function file(more: string): string {
  return `version: 1
credentials:
  - name: alpha-key
    server: alpha
    config: { kind: bearer }
    ends: ${ends}
    reason: from the file
${more}`;
}

test('a credential without a secret is declared only: a note says how to give it', async () => {
  const applied = await apply(file(''));
  assert.ok(applied.ok, JSON.stringify(applied));
  assert.match(applied.value.notes.join(), /credentials add alpha-key/);
  assert.equal(await at.prisma.credential.count(), 0);
});

test('a secret file that others may read is refused at its line, and so is a secret in the file itself', async () => {
  chmodSync(secretFile, 0o644);
  const open = await apply(file(`    fromFile: ${secretFile}\n`));
  assert.equal(open.ok, false);
  assert.match(JSON.stringify(open), /chmod 600/);
  chmodSync(secretFile, 0o600);
  const inline = await apply(file(`    secret: ${SECRET}\n`));
  assert.equal(inline.ok, false);
  assert.ok(!JSON.stringify(inline).includes(SECRET));
});

test('a dry run stores nothing; the run stores it; the second run changes nothing; the export has no secret and applies again', async () => {
  const text = file(`    fromFile: ${secretFile}\n    rotate: { command: [/usr/local/bin/next-secret] }\n`);
  const dry = await apply(text, true);
  assert.ok(dry.ok);
  assert.equal(await at.prisma.credential.count(), 0);
  const applied = await apply(text);
  assert.ok(applied.ok, JSON.stringify(applied));
  const row = await at.prisma.credential.findFirstOrThrow();
  const server = await at.prisma.server.findUniqueOrThrow({ where: { name: 'alpha' } });
  const opened = await openMaterial(at, { credentialId: row.id, version: 1, server });
  assert.equal(opened.ok ? opened.value.secret : opened.error, SECRET);
  const again = await apply(text);
  assert.deepEqual(again.ok ? again.value.changes : again.error, []);
  const exported = await exportConfig(at.prisma);
  assert.match(exported, /alpha-key/);
  assert.ok(!exported.includes(SECRET));
  const back = await apply(exported);
  assert.deepEqual(back.ok ? back.value.changes : back.error, []);
});
