import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareCalls } from './compare-calls.ts';
import type { Decision, Rule } from './rule.ts';
import type { PolicyWorld } from './world.ts';

const NOW = Date.parse('2026-11-18T12:00:00Z');
const WORLD: PolicyWorld = {
  agents: ['a', 'b'],
  tools: [
    { server: 'docs', tool: 'read', tier: 'low', actionClass: 'docs-search' },
    { server: 'jira', tool: 'create', tier: 'medium', actionClass: 'ticketing' },
    { server: 'host', tool: 'exec', tier: 'high', actionClass: 'shell' },
  ],
  groups: new Map(),
  reviewers: 3,
  defaults: { undoHighS: 3, freesAllowed: true },
  nowMs: NOW,
};
const rule = (then: Decision, when: Rule['when'] = {}, more: Partial<Rule> = {}): Rule => ({
  name: 'r',
  when,
  then,
  ...more,
});
const found = (before: readonly Rule[], after: readonly Rule[], world = WORLD) => {
  const { looser, stricter } = compareCalls(before, after, world);
  const named = (examples: typeof looser) => examples.map((e) => `${e.agent} ${e.server} ${e.tool} ${e.tier}`);
  return { looser: named(looser), stricter: named(stricter) };
};
const exec = { servers: ['host'], tools: ['exec'], tiers: ['high'], classes: ['shell'], agents: ['a'] } as const;
const EXEC = ['a host exec high'];

test('the same rules are not compared, unless what frees was never in effect', () => {
  const free = [rule('allow', exec, { frees: true })];
  assert.deepStrictEqual(found(free, free), { looser: [], stricter: [] });
  const world = { ...WORLD, defaults: { undoHighS: 3, freesAllowed: false } };
  assert.deepStrictEqual(found(free, free, world).looser, EXEC);
});

test('a condition is tried as true and as false, and each alone beside another', () => {
  const [one, two] = ['args.x == 1', 'args.y == 1'].map((text) => rule('deny', exec, { if: text }));
  assert.ok(one && two);
  assert.deepStrictEqual(found([one], []), { looser: EXEC, stricter: [] });
  assert.deepStrictEqual(found([one], [two]), { looser: EXEC, stricter: EXEC });
  assert.deepStrictEqual(found([one, two], [one]), { looser: EXEC, stricter: [] });
});

test('a window that is shut now, and the end of what is observed, are looked at all the same', () => {
  const night = rule('deny', { ...exec, time: { zone: 'UTC', from: '02:15', to: '02:30' } });
  assert.deepStrictEqual(found([night], []).looser, EXEC);
  const sunday = rule('deny', { ...exec, time: { zone: 'UTC', days: ['tue'], from: '11:45', to: '12:00' } });
  assert.deepStrictEqual(found([sunday], []).looser, EXEC, 'the last quarter of an hour of a week');
  const always = rule('deny', exec);
  const day = rule('deny', { ...exec, time: { zone: 'UTC', from: '06:00', to: '18:00' } });
  assert.deepStrictEqual(found([always], [day]).looser, EXEC, 'and outside of a window that is open');
  const observed = rule('deny', exec, { mode: 'observe', observeUntil: '2026-11-20T00:00:00Z' });
  assert.deepStrictEqual(found([observed], []).looser, EXEC);
  const over = rule('deny', exec, { mode: 'observe', observeUntil: '2026-11-01T00:00:00Z' });
  assert.deepStrictEqual(found([over], [always]), { looser: [], stricter: [] }, 'what was over is in force');
});

test('a session is tried as tainted and as not', () => {
  for (const tainted of [true, false]) {
    assert.deepStrictEqual(found([rule('deny', { ...exec, tainted })], []).looser, EXEC);
  }
});

test('arguments are tried as read and as such that cannot be, also when only a rule that stays asks', () => {
  for (const inspectable of [true, false]) {
    assert.deepStrictEqual(found([rule('deny', { ...exec, inspectable })], []).looser, EXEC);
    assert.deepStrictEqual(found([], [rule('deny', { ...exec, inspectable })]).stricter, EXEC);
  }
  const stays = rule('deny', { ...exec, inspectable: true });
  assert.deepStrictEqual(found([stays, rule('deny', exec)], [stays]).looser, EXEC, 'what it does not cover is freed');
});

test('registered tools come first, then the widest change, then the highest tier', () => {
  const before = [rule('deny', { agents: ['a'] })];
  const after = [rule('allow', { agents: ['a'], tools: ['create'] }, { frees: true })];
  const { looser } = found(before, after);
  // From refused to passing is further than to being held.
  assert.deepStrictEqual(looser.slice(0, 3), ['a jira create medium', 'a docs read low', 'a host exec high']);
  assert.ok(
    looser.slice(3).every((example) => !/docs|jira|host/.test(example)),
    looser.join('; '),
  );
  const holds = found([rule('hold', { agents: ['a'] }, { quorum: 2 })], [rule('hold', { agents: ['a'] })]).looser;
  assert.deepStrictEqual(holds.slice(0, 3), ['a host exec high', 'a jira create medium', 'a docs read low']);
});

test('of one call the example is the worst that was found', () => {
  const [example] = compareCalls(
    [rule('deny', exec)],
    [rule('allow', exec, { frees: true, if: 'args.dry' })],
    WORLD,
  ).looser;
  assert.deepStrictEqual([example?.before.decision, example?.after.decision], ['deny', 'allow']);
});

test('at most fifty of each are shown', () => {
  const tools = Array.from(
    { length: 60 },
    (_, n) => ({ ...WORLD.tools[0], server: 'docs', tool: `t${n}`, tier: 'low', actionClass: 'other' }) as const,
  );
  const world = { ...WORLD, tools, agents: [] };
  const deny = rule('deny', { servers: ['docs'], classes: ['other'], tiers: ['low'] });
  assert.equal(found([deny], [], world).looser.length, 50);
  assert.equal(found([], [deny], world).stricter.length, 50);
  assert.equal(found([], [deny], world).stricter[0]?.split(' ')[0], 'any', 'without agents one is made up');
});

test('a rule over what is not registered is tried with made-up names that it covers', () => {
  const made = (when: Rule['when']) =>
    found([rule('deny', { tiers: ['low'], ...when })], [], { ...WORLD, tools: [] }).looser;
  assert.deepStrictEqual(made({ tools: ['git__create_*'] }), ['any git create_ low']);
  assert.deepStrictEqual(made({ servers: ['git'], tools: ['git__create'] }), ['any git git__create low']);
  assert.deepStrictEqual(made({ servers: ['h?st*'], agents: ['bot-*'] }), ['bot- hxst any low']);
});
