// A run must be able to fail: with a guardrail off it does, tells people, and only a run that finds it on again ends that.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { endWindow } from '#lib/server/observe/end-window.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { acceptGap } from '#lib/server/red-team/gaps.ts';
import type { RunDeps } from '#lib/server/red-team/play-run.ts';
import { startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { redTeamDeps, runNow, setUp } from '#tests/fixtures/red-team.ts';

let at: Installation;
let gateway: Gateway;
let deps: RunDeps;
let ben: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben', ['admin', 'reviewer', 'security']);
  await setUp(at);
  gateway = await startTestGateway(at);
  deps = redTeamDeps(at, gateway);
});
after(async () => {
  await gateway?.close();
  await at?.close();
});

const guards = () => at.prisma.incident.findMany({ where: { kind: 'guardrail-regressed' }, orderBy: { key: 'asc' } });

/** Approvals are only observed: what was held a moment ago runs. */
async function observeApprovals(): Promise<string> {
  const opened = await openWindow(at, at.admin, { scope: 'control:approvals', minutes: 60, reason: 'for the test' });
  assert.ok(opened.ok);
  const confirmed = await confirmWindow(at, ben, opened.value.id);
  assert.ok(confirmed.ok);
  return opened.value.id;
}

test('a gap is accepted by an admin alone, with a reason in the log, and for ninety days at most', async () => {
  const gap = { scenario: 'every-class-is-held', reason: 'a new team works without', days: 30 };
  const refused = await acceptGap(at, withRoles(at.admin, ['security']), gap);
  assert.equal(!refused.ok && refused.error.code, 'not-allowed');
  for (const [bad, code] of [
    [{ ...gap, scenario: 'no-such' }, 'not-found'],
    [{ ...gap, days: 91 }, 'invalid-request'],
  ] as const) {
    const no = await acceptGap(at, at.admin, bad);
    assert.equal(!no.ok && no.error.code, code);
  }
  assert.ok((await acceptGap(at, at.admin, gap)).ok);
  assert.ok((await acceptGap(at, at.admin, gap)).ok, 'accepted anew');
  assert.equal(await at.prisma.redTeamGap.count({ where: { endedAt: null } }), 1);
  const told = (await recordedEvents(at.prisma)).filter(({ type }) => type === 'red-team.gap-accepted');
  assert.match(told[0]?.text ?? '', /a new team works without/);
});

test('with a guardrail off the run is red and opens one incident for each guardrail and family; on again, it ends them', async () => {
  const green = await runNow(at, deps);
  assert.equal(green.light, 'green', JSON.stringify(green.results.filter(({ verdict }) => verdict !== 'pass')));
  assert.deepEqual(await guards(), []);

  const window = await observeApprovals();
  const red = await runNow(at, deps);
  assert.equal(red.light, 'red');
  assert.equal(red.previousId, green.id);
  const standing = new Map(red.results.map((row) => [row.scenario, row.standing]));
  assert.equal(standing.get('order-in-a-result'), 'regressed');
  assert.equal(standing.get('held-is-not-runnable'), 'regressed');
  assert.equal(standing.get('every-class-is-held'), 'known-gap', 'accepted: shown, and nobody is told');
  assert.equal(standing.get('forged-token'), 'holds', 'what has nothing to do with approvals still holds');
  const open = await guards();
  const keys = open.map(({ key }) => key);
  assert.ok(keys.includes('red-team:hold-high:injection'), keys.join(' '));
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(open.every(({ state, drill }) => state === 'open' && !drill));
  assert.equal(open.find(({ key }) => key === 'red-team:hold-high:injection')?.severity, 'high');

  assert.ok((await endWindow(at, at.admin, window)).ok);
  const again = await runNow(at, deps);
  assert.equal(again.light, 'green', JSON.stringify(again.results.filter(({ verdict }) => verdict !== 'pass')));
  assert.equal(again.results.find(({ scenario }) => scenario === 'order-in-a-result')?.standing, 'recovered');
  assert.deepEqual([...new Set((await guards()).map(({ state }) => state))], ['resolved'], 'ended by evidence');
  assert.equal(await at.prisma.incident.count({ where: { kind: 'drill', state: { not: 'resolved' } } }), 0);
});
