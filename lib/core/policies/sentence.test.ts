import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffRules } from './diff.ts';
import type { Decision, Rule } from './rule.ts';
import { ruleSentence } from './sentence.ts';

const rule = (name: string, then: Decision, more: Partial<Rule> = {}): Rule => ({ name, when: {}, then, ...more });

for (const [sentence, made] of [
  ['All calls are refused.', rule('r', 'deny')],
  [
    'Calls of agent openclaw-*, to server a or b, with tier high, of class deploy or infra where args.env == "production" wait for 2 people of group platform, each with a passkey, for at most 10 minutes, then 5 seconds to undo it.',
    rule('r', 'hold', {
      when: { agents: ['openclaw-*'], servers: ['a', 'b'], tiers: ['high'], classes: ['deploy', 'infra'] },
      if: 'args.env == "production"',
      quorum: 2,
      from: ['platform'],
      stepUp: 'passkey',
      expiresInS: 600,
      undoS: 5,
    }),
  ],
  [
    'Calls in a session that read untrusted content, on sat or sun all day (Europe/Berlin) wait for one person of group sec and 2 people of group ops or dev, after 5 minutes group lead is asked too.',
    rule('r', 'hold', {
      when: { tainted: true, time: { zone: 'Europe/Berlin', days: ['sat', 'sun'] } },
      factors: [
        { groups: ['sec'], count: 1 },
        { groups: ['ops', 'dev'], count: 2 },
      ],
      escalate: [{ afterS: 300, groups: ['lead'] }],
    }),
  ],
  [
    'Calls to tool read_* pass, also where the tier would hold them (observed without effect until 2026-12-01T00:00:00Z).',
    rule('r', 'allow', {
      when: { tools: ['read_*'] },
      frees: true,
      mode: 'observe',
      observeUntil: '2026-12-01T00:00:00Z',
    }),
  ],
] as const) {
  test(`a rule reads: ${sentence}`, () => assert.equal(ruleSentence(made), sentence));
}

test('a difference names what was added, removed, changed and moved, one move as one', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => rule(name, 'deny'));
  assert.ok(a && b && c && d);
  const kinds = (before: readonly Rule[], after: readonly Rule[]) =>
    diffRules(before, after).map((change) => `${change.rule} ${change.kind}`);
  assert.deepStrictEqual(kinds([a, b, c], [a, b, c]), []);
  assert.deepStrictEqual(kinds([a, b, c, d], [d, a, b, c]), ['d moved']);
  assert.deepStrictEqual(kinds([a, b], [{ ...b, quorum: 2 }, c]), ['b changed', 'c added', 'a removed']);
  assert.deepStrictEqual(kinds([{ ...a, quorum: undefined }], [a]), []);
});
