import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from './decide.ts';
import { diffRules } from './diff.ts';
import type { Decision, Rule } from './rule.ts';
import { defaultSentence, ruleSentence, thenSentence, whenSentence, whoClause } from './sentence.ts';

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

test('each part of what a rule covers is told, and nothing is told of a rule that covers all', () => {
  for (const [when, words] of [
    [{}, 'Every call'],
    [{ tools: ['a', 'b'] }, 'Calls to tool a or b'],
    [{ tainted: false }, 'Calls in a session that read nothing untrusted'],
    [{ inspectable: true }, 'Calls whose arguments can be inspected'],
    [{ classes: ['shell'], inspectable: false }, 'Calls of class shell, whose arguments cannot be inspected'],
    [{ time: { zone: 'UTC', from: '09:00' } }, 'Calls from 09:00 to 24:00 (UTC)'],
    [{ time: { zone: 'UTC', to: '17:30' } }, 'Calls from 00:00 to 17:30 (UTC)'],
    [{ time: { zone: 'UTC', days: ['mon'], from: '01:00', to: '02:00' } }, 'Calls on mon from 01:00 to 02:00 (UTC)'],
  ] as const) {
    assert.equal(whenSentence(when), words);
  }
});

test('whom a hold waits for is told with the places that groups must fill', () => {
  const of = (group: string, count: number) => ({ groups: [group], count });
  for (const [terms, words] of [
    [{}, 'one person'],
    [{ quorum: 2, factors: [] }, '2 people'],
    [{ from: ['a', 'b'] }, 'one person of group a or b'],
    [{ quorum: 2, from: ['a'], factors: [] }, '2 people of group a'],
    [{ quorum: 2, from: ['a'], factors: [of('b', 1)] }, '2 people of group a and one person of group b'],
    [
      { quorum: 3, factors: [of('a', 1), of('b', 1)] },
      '3 people, among them one person of group a and one person of group b',
    ],
    [{ quorum: 2, factors: [of('a', 1), of('b', 1)] }, 'one person of group a and one person of group b'],
  ] as const) {
    assert.equal(whoClause(terms), words);
  }
});

test('each term of a hold is told, an undo window of nought is not', () => {
  for (const [more, words] of [
    [{}, 'wait for one person'],
    [{ stepUp: 'passkey' }, 'wait for one person, each with a passkey'],
    [{ expiresInS: 60 }, 'wait for one person, for at most 1 minute'],
    [{ voteTtlS: 120 }, 'wait for one person, a vote counts for 2 minutes'],
    [{ undoS: 0 }, 'wait for one person'],
    [{ undoS: 3 }, 'wait for one person, then 3 seconds to undo it'],
    [{ approvedForS: 300 }, 'wait for one person, an approval is good for 5 minutes'],
    [
      {
        escalate: [
          { afterS: 60, groups: ['a'] },
          { afterS: 120, groups: ['b', 'c'] },
        ],
      },
      'wait for one person, after 1 minute group a is asked too, after 2 minutes group b or c is asked too',
    ],
  ] as const) {
    assert.equal(thenSentence(rule('r', 'hold', more)), words);
  }
  assert.equal(thenSentence(rule('r', 'deny')), 'are refused');
  assert.equal(thenSentence(rule('r', 'allow')), 'pass, where the tier itself lets calls pass');
  assert.equal(ruleSentence(rule('r', 'deny', { mode: 'observe' })), 'All calls are refused.');
  assert.equal(ruleSentence(rule('r', 'deny', { observeUntil: '2099-01-01T00:00:00Z' })), 'All calls are refused.');
});

test('what the tiers do by themselves is told of a verdict', () => {
  const call = { agent: 'a', server: 's', tool: 't', actionClass: 'other' } as const;
  const told = (tier: 'low' | 'medium' | 'high', rules: readonly Rule[] = []) =>
    defaultSentence(decide({ rules, call: { ...call, tier } }));
  assert.equal(told('low'), 'pass at once and are recorded');
  assert.equal(
    told('medium'),
    'wait for one person, for at most 1 hour; an approval is good for 15 minutes, for one call',
  );
  assert.equal(
    told('high'),
    'wait for one person, for at most 15 minutes; an approval is good for 15 minutes, for one call',
  );
  assert.equal(told('low', [rule('r', 'deny')]), 'are refused');
});
