// Somebody without a password who is alone: the provider's word, given after they asked, is their second word.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { renewSession } from '#lib/server/auth/renew-session.ts';
import { openSession, readSession } from '#lib/server/auth/sessions.ts';
import { withTx } from '#lib/server/db/tx.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { readMe } from '#lib/server/people/read-me.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
  await at.prisma.person.update({ where: { id: at.admin.id }, data: { passwordHash: null } });
});
after(() => at.close());

/** Signed in through the provider or with a passkey: that opened the session, and proved nothing since. */
async function come(by: 'sso' | 'passkey'): Promise<HumanPrincipal> {
  const session = await openSession(at.prisma, { personId: at.admin.id, userAgent: null, by });
  return principalOf(session.id);
}

async function principalOf(sessionId: string): Promise<HumanPrincipal> {
  const live = await readSession(at.prisma, sessionId);
  assert.ok(live !== null);
  return live.principal;
}

async function stopAndAsk(ana: HumanPrincipal): Promise<string> {
  assert.ok((await kill(at, ana, { scope: 'everything', reason: 'drill' })).ok);
  const opened = await openRestore(at, ana, { scope: 'everything', reason: 'over' });
  assert.ok(opened.ok);
  return opened.value.id;
}

const waitAMinute = () => at.prisma.$executeRaw`UPDATE kill_restores SET opened_at = opened_at - interval '61 seconds'`;

for (const by of ['sso', 'passkey'] as const) {
  test(`signed in by ${by}, one restores alone only once the provider has asked again`, async () => {
    const ana = await come(by);
    const id = await stopAndAsk(ana);
    const confirm = async (who: HumanPrincipal) => {
      const answer = await confirmRestore(at, who, id);
      return answer.ok ? 'done' : answer.error.code;
    };
    await waitAMinute();
    assert.equal(await confirm(ana), 'step-up-required');
    const renewed = await withTx(at.prisma, (tx) => renewSession(tx, at.keys, ana, 'sso'));
    assert.ok(renewed !== null);
    assert.equal(await confirm(await principalOf(ana.sessionId)), 'step-up-required', 'the old id gains nothing');
    assert.equal(await confirm(await principalOf(renewed.sessionId)), 'done');
  });
}

test('a proof from before the question is shown as too old for it, and refused (the twin)', async () => {
  const came = await come('sso');
  const renewed = await withTx(at.prisma, (tx) => renewSession(tx, at.keys, came, 'sso'));
  assert.ok(renewed !== null);
  const ana = await principalOf(renewed.sessionId);
  const id = await stopAndAsk(ana);
  await at.prisma.$executeRaw`
    UPDATE person_sessions SET reauth_at = clock_timestamp() - interval '120 seconds' WHERE id = ${ana.sessionId}::uuid`;
  await waitAMinute();
  const before = await principalOf(ana.sessionId);
  const refused = await confirmRestore(at, before, id);
  assert.equal(refused.ok ? 'done' : refused.error.code, 'step-up-required');
  const me = await readMe({ ...at, env: { oidc: null } }, before, new Date());
  const restore = await at.prisma.$queryRaw<{ at: Date }[]>`
    SELECT opened_at AS at FROM kill_restores WHERE id = ${id}::uuid`;
  assert.equal(me.hasPassword, false);
  assert.notEqual(me.provenUntil, null, 'young enough for what asks for the last five minutes');
  assert.ok(Date.parse(me.provenAt) < (restore[0]?.at.getTime() ?? 0), 'but older than the question');
});
