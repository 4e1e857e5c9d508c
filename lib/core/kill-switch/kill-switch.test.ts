import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACTION_CLASSES, TIERS } from '../risk/types.ts';
import { leaseValid } from './lease.ts';
import { formatScope, isKilled, type KillableCall, type KillScope, parseScope, scopeCovers } from './scopes.ts';

const CALL: KillableCall = { tier: 'high', actionClass: 'shell', server: 'box', tool: 'exec', agent: 'claw' };

const COVERS: readonly (readonly [string, boolean])[] = [
  ['everything', true],
  ['high-risk', true],
  ['tier:high', true],
  ['tier:low', false],
  ['server:box', true],
  ['server:bo', false],
  ['tool:box/exec', true],
  ['tool:box/exe', false],
  ['tool:other/exec', false],
  ['class:shell', true],
  ['class:deploy', false],
  ['agent:claw', true],
  ['agent:claws', false],
];
for (const [text, covered] of COVERS) {
  test(`${text} ${covered ? 'stops' : 'does not stop'} a high shell call of claw on box`, () => {
    const scope = parseScope(text);
    assert.ok(scope.ok);
    assert.equal(scopeCovers(scope.value, CALL), covered);
  });
}

test('high-risk leaves low and medium calls alone; everything leaves none', () => {
  for (const tier of ['low', 'medium'] as const) {
    assert.equal(scopeCovers({ kind: 'high-risk' }, { ...CALL, tier }), false);
    assert.equal(scopeCovers({ kind: 'everything' }, { ...CALL, tier }), true);
  }
});

for (const bad of [
  '',
  'High-Risk',
  'high-risk ',
  'all',
  '*',
  'tier:',
  'tier:severe',
  'tier:high:low',
  'server:',
  'server:A',
  'server:a b',
  'tool:box',
  'tool:/exec',
  'tool:box/',
  'class:any',
  'agent:*',
  ':',
  'everything:',
  'constructor',
]) {
  test(`"${bad}" is no scope`, () => assert.equal(parseScope(bad).ok, false));
}

const names = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
const scopes: fc.Arbitrary<KillScope> = fc.oneof(
  fc.constantFrom({ kind: 'high-risk' as const }, { kind: 'everything' as const }),
  fc.record({ kind: fc.constant('tier' as const), tier: fc.constantFrom(...TIERS) }),
  fc.record({ kind: fc.constant('class' as const), actionClass: fc.constantFrom(...ACTION_CLASSES) }),
  fc.record({ kind: fc.constant('server' as const), server: names }),
  fc.record({ kind: fc.constant('agent' as const), agent: names }),
  fc.record({ kind: fc.constant('tool' as const), server: names, tool: fc.stringMatching(/^[A-Za-z0-9_./-]{1,128}$/) }),
);

test('a scope is read back as it was written', () => {
  fc.assert(
    fc.property(scopes, (scope) => {
      assert.deepStrictEqual(parseScope(formatScope(scope)), { ok: true, value: { ...scope } });
    }),
  );
});

test('the first covering scope answers, and another scope never lifts a kill', () => {
  assert.deepStrictEqual(
    isKilled([{ kind: 'tier', tier: 'low' }, { kind: 'high-risk' }, { kind: 'everything' }], CALL),
    { kind: 'high-risk' },
  );
  assert.equal(isKilled([], CALL), null);
  fc.assert(
    fc.property(fc.array(scopes), scopes, (active, more) => {
      if (isKilled(active, CALL) !== null) assert.notEqual(isKilled([...active, more], CALL), null);
      assert.equal(
        isKilled(active, CALL) !== null,
        active.some((scope) => scopeCovers(scope, CALL)),
      );
    }),
  );
});

for (const [name, lease, valid] of [
  ['is fresh when just sent', { sentAtMonoMs: 100, nowMonoMs: 100 }, true],
  ['holds until its last moment', { sentAtMonoMs: 100, nowMonoMs: 1099.9 }, true],
  ['is over at its deadline', { sentAtMonoMs: 100, nowMonoMs: 1100 }, false],
  ['is over when the clock went backwards', { sentAtMonoMs: 100, nowMonoMs: 99 }, false],
  ['is over when it was never sent', { sentAtMonoMs: Number.NaN, nowMonoMs: 5 }, false],
  ['is over when never sent is minus infinity', { sentAtMonoMs: Number.NEGATIVE_INFINITY, nowMonoMs: 5 }, false],
  ['keeps to another length', { sentAtMonoMs: 0, nowMonoMs: 50, ttlMs: 50 }, false],
] as const) {
  test(`a lease ${name}`, () => assert.equal(leaseValid(lease), valid));
}
