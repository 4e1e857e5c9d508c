import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTION_CLASSES } from '../risk/types.ts';
import { coversSensitive, isSensitive, LONGEST_OBSERVE_S, LONGEST_SENSITIVE_OBSERVE_S } from './observe-limits.ts';
import type { Rule } from './rule.ts';
import type { WorldTool } from './world.ts';

const SHELL: WorldTool = { server: 'host', tool: 'exec', tier: 'high', actionClass: 'shell' };
const TICKET: WorldTool = { server: 'jira', tool: 'create', tier: 'high', actionClass: 'ticketing' };
const QUIET: WorldTool = { server: 'host', tool: 'ls', tier: 'low', actionClass: 'shell' };
const then = 'deny' as const;
const rule = (when: Rule['when'], more: Partial<Rule> = {}): Rule => ({ name: 'r', when, then, ...more });

test('observe lasts a month at most, a week over what does the most harm', () => {
  assert.deepStrictEqual([LONGEST_OBSERVE_S, LONGEST_SENSITIVE_OBSERVE_S], [2_592_000, 604_800]);
});

test('sensitive is what is high and of a class that does the most harm', () => {
  const sensitive = ACTION_CLASSES.filter((actionClass) => isSensitive({ tier: 'high', actionClass }));
  assert.deepStrictEqual([...sensitive].sort(), ['billing', 'code-exec', 'iam', 'money', 'secrets', 'shell']);
  for (const tier of ['low', 'medium'] as const) assert.equal(isSensitive({ tier, actionClass: 'shell' }), false);
});

test('a rule covers it unless its tiers, classes, servers or tools keep it away', () => {
  const tools = [SHELL, TICKET, QUIET];
  for (const when of [
    {},
    { tiers: ['low', 'high'] },
    { classes: ['ticketing', 'shell'] },
    { servers: ['ho*'] },
    { tools: ['exec'] },
    { tools: ['host__*'] },
    { agents: ['x'], servers: ['host'], tools: ['e*'] },
  ] as const) {
    assert.equal(coversSensitive(rule(when), tools), true, JSON.stringify(when));
  }
  for (const when of [
    { tiers: ['low', 'medium'] },
    { classes: ['ticketing'] },
    { servers: ['jira'] },
    { tools: ['ls'] },
    { tools: ['create*'] },
    { servers: ['host'], tools: ['create'] },
    { servers: ['nowhere'] },
  ] as const) {
    assert.equal(coversSensitive(rule(when), tools), false, JSON.stringify(when));
  }
});

test('neither a condition nor being observed already takes a rule out of it', () => {
  const observed = { if: 'args.x == 1', mode: 'observe', observeUntil: '2099-01-01T00:00:00Z' } as const;
  assert.equal(coversSensitive(rule({ servers: ['host'] }, observed), [SHELL]), true);
  assert.equal(coversSensitive(rule({ servers: ['host'] }, observed), [QUIET, TICKET]), false);
});
