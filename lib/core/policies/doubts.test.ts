import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePolicies, type PolicyWorld } from './compare.ts';
import type { Decision, Rule } from './rule.ts';

const WORLD: PolicyWorld = {
  agents: ['a'],
  tools: [{ server: 'host', tool: 'exec', tier: 'high', actionClass: 'shell' }],
  groups: new Map(),
  reviewers: 3,
  defaults: { undoHighS: 3, freesAllowed: false },
  nowMs: Date.parse('2026-11-18T12:00:00Z'),
};
const rule = (name: string, then: Decision, when: Rule['when'], more: Partial<Rule> = {}): Rule => ({
  name,
  when,
  then,
  ...more,
});
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

test('where nothing looser is found and nothing is proven, one example says so in words', () => {
  const tools = ['*x*'];
  const before = [
    rule('d', 'deny', { agents: ['bot-*'], servers: ['s?'], tools, tiers: ['low'], classes: ['db-read'] }),
  ];
  const [deny] = before;
  assert.ok(deny !== undefined);
  const after = [{ ...deny, when: { ...deny.when, tools: ['*x', 'x*', '*x?*'] } }];
  const { loosens, tightens, looser } = comparePolicies(before, after, WORLD);
  assert.deepEqual([loosens, tightens], [true, false]);
  const [example, ...more] = looser;
  assert.deepEqual(more.length, 1, 'with untrusted content and without');
  assert.match(`${example?.agent} ${example?.server}`, /^bot-\S* s\S$/);
  assert.match(example?.tool ?? '', /x/);
  assert.deepEqual([example?.tier, example?.actionClass], ['low', 'db-read']);
  assert.deepEqual(example?.before, { decision: 'deny', rule: 'd' });
  assert.equal(
    example?.sentence,
    'It cannot be shown that calls which rule d covers are decided as strictly as before.',
  );
});

test('a rule of more blocks than are looked at is a doubt as a whole, named by the first of each kind', () => {
  const wide = { agents: names('a', 40), servers: names('s', 20), tools: names('t', 4) };
  const before = [rule('wide', 'deny', wide)];
  const after = [
    rule('one', 'deny', { ...wide, servers: names('s', 10) }),
    rule('two', 'deny', { ...wide, servers: wide.servers.slice(10) }),
  ];
  const { loosens, looser } = comparePolicies(before, after, WORLD);
  assert.equal(loosens, true);
  assert.deepEqual(
    looser.map(({ agent, server, tool, tier, actionClass, before: was, after: is }) => ({
      call: [agent, server, tool, tier, actionClass],
      was,
      is,
    })),
    [
      {
        call: ['a0', 's0', 't0', 'high', 'other'],
        was: { decision: 'deny', rule: 'wide' },
        is: { decision: 'deny', rule: 'one' },
      },
    ],
  );
});

test('of a wide rule with tiers of its own the example is of one of them', () => {
  const tiers = ['low', 'medium'] as const;
  const before = [rule('wide', 'deny', { agents: names('a', 60), tools: names('t', 60), tiers })];
  const after = [
    rule('one', 'deny', { agents: names('a', 30), tools: names('t', 60), tiers }),
    rule('two', 'deny', { agents: names('a', 60).slice(30), tools: names('t', 60), tiers }),
  ];
  const [example] = comparePolicies(before, after, WORLD).looser;
  assert.deepEqual([example?.agent, example?.tool, example?.tier], ['a0', 't0', 'low']);
});

test('ten doubts are shown and no more; of a policy that loosens nothing, none', () => {
  const before = names('r', 8).map((name) => rule(name, 'deny', { tools: [`*${name}*`] }));
  const after = names('r', 8).map((name) => rule(name, 'deny', { tools: [`*${name}`, `${name}*`, `*${name}?*`] }));
  assert.equal(comparePolicies(before, after, WORLD).looser.length, 10);
  assert.deepEqual(comparePolicies(before, before, WORLD), {
    loosens: false,
    tightens: false,
    looser: [],
    stricter: [],
  });
});

test('what can be shown by a call is shown by it, and not by the doubt', () => {
  const before = [rule('d', 'deny', { tools: ['exec'] })];
  const { loosens, looser } = comparePolicies(before, [], WORLD);
  assert.equal(loosens, true);
  assert.ok(looser.length > 0 && looser.every(({ sentence }) => !sentence.startsWith('It cannot be shown')));
});

test('a doubt that only runs the other way round is a tightening', () => {
  const narrow = [rule('d', 'deny', { tools: ['*x', 'x*', '*x?*'] })];
  const whole = [rule('d', 'deny', { tools: ['*x*'] })];
  const { loosens, tightens, looser, stricter } = comparePolicies(narrow, whole, WORLD);
  assert.deepEqual([loosens, tightens, looser, stricter.length], [false, true, [], 0]);
});
