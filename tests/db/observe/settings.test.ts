import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { changeSettings } from '#lib/server/settings/change-settings.ts';
import { readSettings } from '#lib/server/settings/read-settings.ts';
import { loadSnapshot } from '#lib/server/snapshot/load-snapshot.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { OPERATOR } from '#tests/fixtures/policies.ts';

let at: Installation;
let pool: pg.Pool;
before(async () => {
  at = await openInstallation();
  pool = new pg.Pool({ connectionString: at.url, max: 1 });
});
after(async () => {
  await pool.end();
  await at.close();
});
beforeEach(async () => {
  await at.prisma.settings.update({
    where: { id: 1 },
    data: { undoHighS: 3, breakGlassEnabled: false, breakGlassGroup: 'break-glass' },
  });
  await at.prisma.auditInbox.deleteMany();
});

const reason = 'as agreed';
const long = () => ({ ...at.admin, reauthAt: new Date(Date.now() - 301_000) });
const lately = () => ({ ...at.admin, reauthAt: new Date(Date.now() - 200_000) });
const codeOf = async (...input: Parameters<typeof changeSettings>) => {
  const done = await changeSettings(...input);
  return done.ok ? 'done' : done.error.code;
};

for (const [name, patch] of [
  ['a shorter undo window', { undoHighS: 2 }],
  ['break-glass switched on', { breakGlassEnabled: true }],
  ['another group for break-glass', { breakGlassGroup: 'everybody' }],
] as const) {
  test(`${name} asks for the password again`, async () => {
    assert.equal(await codeOf(at, long(), { ...patch, reason }), 'step-up-required');
    assert.deepStrictEqual(await recordedEvents(at.prisma), []);
    assert.equal(await codeOf(at, lately(), { ...patch, reason }), 'done');
    assert.match((await recordedEvents(at.prisma))[0]?.text ?? '', /"loosens":true/);
  });
}

test('what tightens does not, and reaches the gateways', async () => {
  assert.equal(await codeOf(at, long(), { undoHighS: 30, reason }), 'done');
  assert.equal((await loadSnapshot(pool)).defaults.undoHighS, 30);
  const [event] = await recordedEvents(at.prisma);
  assert.match(event?.text ?? '', /"undoHighS":30,"undoHighSBefore":3/);
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: true } });
  assert.equal(await codeOf(at, long(), { breakGlassEnabled: false, reason }), 'done');
});

test('only an admin or the operator changes them, everybody reads them, and no change leaves no trace', async () => {
  assert.equal(
    await codeOf(at, withRoles(at.admin, ['security', 'reviewer']), { undoHighS: 30, reason }),
    'not-allowed',
  );
  assert.equal(await codeOf(at, at.admin, { undoHighS: 3, reason }), 'done');
  assert.deepStrictEqual(await recordedEvents(at.prisma), []);
  assert.equal(await codeOf(at, OPERATOR, { undoHighS: 0, reason }), 'done');
  assert.deepStrictEqual(await readSettings(at.prisma), {
    undoHighS: 0,
    breakGlassEnabled: false,
    breakGlassGroup: 'break-glass',
  });
});
