import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE, scenarioOf, TRIPWIRE } from './catalogue.ts';
import { lightOf, needsIncident, STANDINGS, standingOf } from './compare.ts';
import { judge, VERDICTS } from './judge.ts';
import { allowed, blocked, FAMILIES, held, type Observation } from './scenario.ts';
import { dueCause, GRACE_MS, isMissed, SETTLE_MS, WEEK_MS } from './schedule.ts';
import { percentOf, scoreOf, scoresByFamily } from './score.ts';
import { trendOf } from './trend.ts';

const seen = (effect: Observation['effect'], code: string | null = null, recorded: boolean | null = true) => ({
  effect,
  code,
  status: 200,
  callId: null,
  recorded,
});
const verdict = (want: Parameters<typeof judge>[0]['wants'], observed: readonly Observation[], open = true) =>
  judge({ wants: want }, observed, open);

test('an attack that was stopped for the right reason passes, one that got through fails', () => {
  const wants = [blocked('x', 'killed', 'unknown-tool')];
  assert.equal(verdict(wants, [seen('blocked', 'killed')]), 'pass');
  assert.equal(verdict(wants, [seen('blocked', 'unknown-tool')]), 'pass');
  assert.equal(verdict(wants, [seen('allowed', 'allowed')]), 'fail');
  assert.equal(verdict([held('x')], [seen('held', 'approval-pending')]), 'pass');
  assert.equal(verdict([held('x')], [seen('allowed')]), 'fail');
  assert.equal(
    verdict([blocked('x')], [seen('blocked', 'whatever')]),
    'pass',
    'any reason will do where none is named',
  );
});

test('the right effect for another reason, or without a trace, is weak', () => {
  assert.equal(verdict([blocked('x', 'killed')], [seen('blocked', 'unknown-tool')]), 'weak');
  assert.equal(verdict([blocked('x', 'killed')], [seen('blocked', null)]), 'weak');
  assert.equal(verdict([blocked('x', 'killed')], [seen('held', 'approval-pending')]), 'weak');
  assert.equal(verdict([held('x')], [seen('blocked', 'killed')]), 'weak');
  assert.equal(verdict([blocked('x', 'killed')], [seen('blocked', 'killed', false)]), 'weak');
  assert.equal(verdict([blocked('x', 'killed')], [seen('blocked', 'killed', null)]), 'pass', 'where there is no call');
});

test('no answer is an error, a way in that is shut is vacuous, and neither hides an attack that got through', () => {
  assert.equal(verdict([blocked('x')], [seen('unanswered')]), 'error');
  assert.equal(verdict([blocked('x')], []), 'error');
  assert.equal(verdict([], []), 'error', 'nothing played is nothing shown');
  assert.equal(verdict([allowed('x'), blocked('y')], [seen('blocked'), seen('blocked')]), 'vacuous');
  assert.equal(verdict([blocked('x')], [seen('blocked')], false), 'vacuous');
  assert.equal(verdict([blocked('x')], [seen('unanswered')], false), 'error');
  assert.equal(verdict([blocked('x')], [seen('allowed')], false), 'fail');
  assert.equal(verdict([allowed('x'), blocked('y')], [seen('blocked'), seen('allowed')]), 'fail');
  assert.equal(verdict([blocked('x'), blocked('y')], [seen('unanswered'), seen('allowed')]), 'fail');
});

test('how a scenario stands follows from its verdict, the one before and whether its gap is accepted', () => {
  assert.equal(standingOf('pass', null, false), 'holds');
  assert.equal(standingOf('pass', 'weak', false), 'holds');
  assert.equal(standingOf('pass', 'fail', true), 'recovered');
  assert.equal(standingOf('fail', 'pass', false), 'regressed');
  assert.equal(standingOf('fail', 'weak', false), 'regressed');
  assert.equal(standingOf('fail', 'fail', false), 'open');
  assert.equal(standingOf('fail', null, false), 'open');
  assert.equal(standingOf('fail', 'error', false), 'open', 'nobody knew that it held');
  assert.equal(standingOf('fail', 'pass', true), 'known-gap');
  assert.equal(standingOf('weak', 'pass', true), 'known-gap');
  assert.equal(standingOf('weak', 'pass', false), 'weak');
  assert.equal(standingOf('error', 'pass', true), 'unproven', 'nobody accepted not knowing');
  assert.equal(standingOf('vacuous', 'pass', true), 'unproven');
});

test('people are told of what gets through and of nothing else', () => {
  assert.deepEqual(STANDINGS.filter(needsIncident), ['regressed', 'open']);
});

test('a run is red for what gets through or is unproven, and for a tripwire that did not trip', () => {
  assert.equal(lightOf(['holds', 'recovered'], true), 'green');
  assert.equal(lightOf(['holds'], false), 'red');
  assert.equal(lightOf([], true), 'red');
  for (const bad of ['regressed', 'open', 'unproven'] as const) assert.equal(lightOf(['holds', bad], true), 'red', bad);
  for (const so of ['weak', 'known-gap'] as const) assert.equal(lightOf(['holds', so], true), 'amber', so);
  assert.equal(lightOf(['weak', 'open'], true), 'red');
});

test('the score counts what passed, by family and over all, and is rounded down', () => {
  const results = [
    { family: 'ssrf', verdict: 'pass' },
    { family: 'ssrf', verdict: 'fail' },
    { family: 'ssrf', verdict: 'weak' },
    { family: 'injection', verdict: 'pass' },
  ] as const;
  assert.deepEqual(scoreOf(results), { held: 2, of: 4 });
  assert.deepEqual(scoresByFamily(results), [
    { family: 'injection', held: 1, of: 1, through: 0 },
    { family: 'ssrf', held: 1, of: 3, through: 1 },
  ]);
  assert.equal(percentOf({ held: 42, of: 43 }), 97);
  assert.equal(percentOf({ held: 43, of: 43 }), 100);
  assert.equal(percentOf({ held: 0, of: 0 }), null);
});

test('a run is due at its hour, and after a change once the last one is ten minutes old', () => {
  const ground = { build: '1', policyVersion: 3 };
  const due = (over: Partial<Parameters<typeof dueCause>[0]>) =>
    dueCause({ nowMs: 1_000_000_000, nextAtMs: 1_000_000_001, lastBegunMs: 0, ground, lastGround: ground, ...over });
  assert.equal(due({}), null);
  assert.equal(due({ nextAtMs: 1_000_000_000 }), 'schedule');
  assert.equal(due({ lastGround: { ...ground, policyVersion: 2 } }), 'change');
  assert.equal(due({ lastGround: { ...ground, build: '0' } }), 'change');
  assert.equal(due({ lastGround: null }), null, 'before the first run there is nothing to compare with');
  const changed = { lastGround: { ...ground, policyVersion: 2 } };
  assert.equal(due({ ...changed, lastBegunMs: 1_000_000_000 - SETTLE_MS + 1 }), null);
  assert.equal(due({ ...changed, lastBegunMs: 1_000_000_000 - SETTLE_MS }), 'change');
  assert.equal(due({ ...changed, lastBegunMs: null }), 'change');
});

test('a weekly run is missed a day after it was due, counted from when the schedule began', () => {
  const now = 10 * WEEK_MS;
  assert.equal(isMissed(now, now - WEEK_MS - GRACE_MS, 0), false);
  assert.equal(isMissed(now, now - WEEK_MS - GRACE_MS - 1, 0), true);
  assert.equal(isMissed(now, null, now - WEEK_MS), false);
  assert.equal(isMissed(now, null, now - WEEK_MS - GRACE_MS - 1), true);
  assert.equal(isMissed(now, 0, now), false);
});

test('a week begins on Monday and its last run speaks for it', () => {
  const monday = Date.parse('2026-11-23T00:00:00Z');
  const weeks = trendOf(
    [
      { atMs: monday - 1, held: 1, of: 4 },
      { atMs: monday + 5, held: 4, of: 4 },
      { atMs: monday, held: 2, of: 4 },
    ],
    monday + WEEK_MS - 1,
    3,
  );
  assert.deepEqual(
    weeks.map(({ startMs, runs, percent }) => [new Date(startMs).toISOString().slice(0, 10), runs, percent]),
    [
      ['2026-11-09', 0, null],
      ['2026-11-16', 1, 25],
      ['2026-11-23', 2, 100],
    ],
  );
});

test('the catalogue names each scenario once, covers every family, and expects something of each attempt', () => {
  assert.equal(new Set(CATALOGUE.map(({ id }) => id)).size, CATALOGUE.length);
  assert.ok(CATALOGUE.length >= 30, `${CATALOGUE.length} scenarios`);
  for (const family of FAMILIES)
    assert.ok(
      CATALOGUE.some((one) => one.family === family),
      family,
    );
  for (const { id, wants, controls } of CATALOGUE) {
    assert.ok(wants.length > 0 && controls.length > 0, id);
    assert.equal(new Set(wants.map(({ sent }) => sent)).size, wants.length, `${id} says the same twice`);
    assert.ok(id === 'low-tools-go-on' || wants.some(({ effect }) => effect !== 'allowed'), `${id} attacks nothing`);
  }
  assert.equal(scenarioOf('pins'), undefined);
  assert.equal(scenarioOf('unknown-server')?.family, 'escalation');
  assert.equal(scenarioOf(TRIPWIRE.id), undefined, 'the tripwire is no scenario');
  assert.equal(VERDICTS[0], 'pass');
});
