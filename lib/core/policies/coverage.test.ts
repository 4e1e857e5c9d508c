import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTION_CLASSES, TIERS } from '../risk/types.ts';
import { type Cell, cellsOf, covers, inForceFrom, mayMeet, meets } from './coverage.ts';
import type { Decision, Rule } from './rule.ts';

const NOW = Date.parse('2026-11-18T12:00:00Z');
const LATER = '2026-11-19T12:00:00Z';
const rule = (when: Rule['when'] = {}, more: Partial<Rule> = {}, then: Decision = 'deny'): Rule => ({
  name: 'r',
  when,
  then,
  ...more,
});
/** The blocks of a rule that is judged alone. */
const cells = (of: Rule) => cellsOf(of, [of]);
const cell = (more: Partial<Cell> = {}): Cell => ({
  agent: 'a*',
  server: 'git*',
  tool: 'create_*',
  tier: 'high',
  actionClass: 'deploy',
  tainted: true,
  inspectable: null,
  of: rule(),
  ...more,
});

test('a rule is taken apart into one block for each of its patterns, tiers, classes and taints, each once', () => {
  assert.equal(cells(rule())?.length, 2 * TIERS.length);
  const some = cells(
    rule({
      agents: ['a', 'b', 'a'],
      servers: ['s'],
      tools: ['t', 'u'],
      tiers: ['low'],
      classes: ['shell', 'money'],
      tainted: true,
    }),
  );
  assert.equal(some?.length, 8);
  assert.deepStrictEqual(
    { ...some?.[0], of: null },
    {
      agent: 'a',
      server: 's',
      tool: 't',
      tier: 'low',
      actionClass: 'shell',
      tainted: true,
      inspectable: null,
      of: null,
    },
  );
  assert.deepStrictEqual(
    cells(rule({ agents: [], tiers: ['low'] }))?.map(({ agent, actionClass, tainted }) => [
      agent,
      actionClass,
      tainted,
    ]),
    [
      ['*', null, false],
      ['*', null, true],
    ],
  );
});

test('more blocks than six thousand are not taken apart', () => {
  const names = (n: number) => Array.from({ length: n }, (_, at) => `n${at}`);
  assert.equal(cells(rule({ agents: names(1000) }))?.length, 6000);
  assert.equal(cells(rule({ agents: names(1001) })), null);
});

test('what can be inspected is told apart where a rule asks for it, and what a rule itself asks is kept', () => {
  const readings = (one: Rule, among: readonly Rule[]) => cellsOf(one, among)?.map((each) => each.inspectable);
  const low = rule({ tiers: ['low'], tainted: true });
  const asks = rule({ tiers: ['low'], tainted: true, inspectable: false });
  assert.deepStrictEqual(readings(low, [low]), [null]);
  assert.deepStrictEqual(readings(low, [low, asks]), [false, true]);
  assert.deepStrictEqual(readings(asks, []), [false]);
  assert.deepStrictEqual(readings(rule({ ...asks.when, inspectable: true }), [asks]), [true]);
  const names = Array.from({ length: 501 }, (_, at) => `n${at}`);
  assert.equal(cellsOf(rule({ agents: names }), [asks]), null, 'the blocks of both are counted');
  assert.equal(cellsOf(rule({ agents: names.slice(1) }), [asks])?.length, 6000);
});

test('a rule for calls that can be read covers those alone, and may meet what is not told apart', () => {
  for (const inspectable of [true, false]) {
    assert.equal(covers(rule({ inspectable }), cell({ inspectable }), NOW), true);
    assert.equal(meets(rule({ inspectable }), cell({ inspectable })), true);
    assert.equal(covers(rule({ inspectable }), cell({ inspectable: !inspectable }), NOW), false);
    assert.equal(meets(rule({ inspectable }), cell({ inspectable: !inspectable })), false);
    assert.equal(covers(rule({ inspectable }), cell(), NOW), false);
    assert.equal(meets(rule({ inspectable }), cell()), true);
    assert.equal(covers(rule(), cell({ inspectable }), NOW), true);
  }
});

test('a rule covers a block where every condition of it takes the whole block in', () => {
  for (const when of [
    {},
    { tiers: ['high', 'low'] },
    { classes: ['deploy'] },
    { agents: ['x', 'a*'] },
    { agents: ['*'] },
    { servers: ['g*'] },
    { tools: ['create*'] },
    { tainted: true },
  ] as const) {
    assert.equal(covers(rule(when), cell(), NOW), true, JSON.stringify(when));
    assert.equal(meets(rule(when), cell()), true, JSON.stringify(when));
  }
  for (const when of [
    { tiers: ['low'] },
    { classes: ['shell'] },
    { agents: ['x'] },
    { servers: ['hub*'] },
    { tools: ['delete_*'] },
    { tainted: false },
  ] as const) {
    assert.equal(covers(rule(when), cell(), NOW), false, JSON.stringify(when));
    assert.equal(meets(rule(when), cell()), false, JSON.stringify(when));
  }
  for (const when of [{ agents: ['ab'] }, { servers: ['github'] }, { tools: ['create_issue'] }] as const) {
    assert.equal(covers(rule(when), cell(), NOW), false, 'only a part of it');
    assert.equal(meets(rule(when), cell()), true, 'but a part');
  }
});

test('any class is covered by all classes only, and met by each', () => {
  const any = cell({ actionClass: null });
  assert.equal(covers(rule({ classes: ACTION_CLASSES }), any, NOW), true);
  assert.equal(covers(rule({ classes: ACTION_CLASSES.slice(1) }), any, NOW), false);
  assert.equal(meets(rule({ classes: ['money'] }), any), true);
});

test('an empty list is met by every call for a deny and a hold, by none for an allow', () => {
  for (const field of ['agents', 'servers', 'tools', 'tiers', 'classes']) {
    const when = { [field]: [] };
    assert.equal(covers(rule(when), cell(), NOW), true, field);
    assert.equal(meets(rule(when, {}, 'hold'), cell()), true, field);
    assert.equal(covers(rule(when, {}, 'allow'), cell(), NOW), false, field);
    assert.equal(meets(rule(when, {}, 'allow'), cell()), false, field);
  }
});

test('a condition or a window is the block’s own or covers nothing', () => {
  const time = { zone: 'UTC', from: '09:00' };
  assert.equal(covers(rule({}, { if: 'x' }), cell(), NOW), false);
  assert.equal(covers(rule({}, { if: 'x' }), cell({ of: rule({}, { if: 'x' }) }), NOW), true);
  assert.equal(covers(rule(), cell({ of: rule({ time }, { if: 'x' }) }), NOW), true);
  assert.equal(covers(rule({ time }), cell(), NOW), false);
  assert.equal(covers(rule({ time }), cell({ of: rule({ time: { ...time } }) }), NOW), true);
  assert.equal(covers(rule({ time }), cell({ of: rule({ time: { zone: 'UTC' } }) }), NOW), false);
  assert.equal(meets(rule({ time }, { if: 'x' }), cell()), true);
});

test('a rule in observe decides from its end on, and covers what begins no earlier', () => {
  const observed = rule({}, { mode: 'observe', observeUntil: LATER });
  assert.equal(inForceFrom(rule(), NOW), NOW);
  assert.equal(inForceFrom(observed, NOW), Date.parse(LATER));
  assert.equal(inForceFrom(observed, Date.parse(LATER) + 5), Date.parse(LATER) + 5);
  assert.equal(inForceFrom({ ...observed, mode: 'enforce' }, NOW), NOW);
  assert.equal(inForceFrom(rule({}, { mode: 'observe' }), NOW), NOW);
  assert.equal(inForceFrom(rule({}, { mode: 'observe', observeUntil: 'soon' }), NOW), NOW);
  assert.equal(covers(observed, cell(), NOW), false);
  assert.equal(covers(observed, cell({ of: observed }), NOW), true);
  assert.equal(covers(rule(), cell({ of: observed }), NOW), true);
});

test('a qualified name and a plain one may be the same tool, and only any tool takes a qualified one in', () => {
  const qualified = cell({ tool: 'github__create' });
  for (const tool of ['*', '**', 'github__create', 'github__*']) {
    assert.equal(covers(rule({ tools: [tool] }), qualified, NOW), true, tool);
  }
  for (const tool of ['create', 'git*', '*create']) {
    assert.equal(covers(rule({ tools: [tool] }), qualified, NOW), false, tool);
    assert.equal(meets(rule({ tools: [tool] }), qualified), true, tool);
  }
  assert.equal(meets(rule({ tools: ['x__y'] }), cell()), true);
});

test('two rules may meet unless their tools, servers or agents are apart', () => {
  const both = (a: Rule['when'], b: Rule['when']) => {
    assert.equal(mayMeet(rule(a), rule(b)), mayMeet(rule(b), rule(a)));
    return mayMeet(rule(a), rule(b));
  };
  assert.equal(both({}, { tools: ['x'] }), true);
  assert.equal(both({ tools: [] }, { tools: ['x'] }), true);
  for (const field of ['tools', 'servers', 'agents']) {
    assert.equal(both({ [field]: ['a', 'b*'] }, { [field]: ['bc', 'd'] }), true, field);
    assert.equal(both({ [field]: ['a', 'b*'] }, { [field]: ['c', 'd'] }), false, field);
  }
  assert.equal(both({ tools: ['a__b'] }, { tools: ['c'] }), true, 'a__b is also the tool b of the server a');
  assert.equal(both({ servers: ['a__b'] }, { servers: ['c'] }), false);
  assert.equal(both({ tiers: ['low'] }, { tiers: ['high'] }), true);
});
