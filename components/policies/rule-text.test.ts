import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Rule } from '#lib/core/policies/rule.ts';
import { rulesAsJson, rulesAsYaml } from './rule-text.ts';

const FULL: Rule = {
  name: 'two-people-for-deploys',
  description: 'yes',
  when: {
    agents: ['openclaw-*'],
    tiers: ['high'],
    classes: ['deploy', 'infra'],
    tainted: true,
    inspectable: false,
    time: { zone: 'Europe/Zurich', days: ['sat'], from: '08:00' },
  },
  if: 'args.environment == "production" // # not a comment: {x}\n&& true',
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  then: 'hold',
  quorum: 2,
  from: ['platform-team'],
  expiresInS: 600,
  undoS: 90,
  voteTtlS: 7200,
  stepUp: 'passkey',
  escalate: [{ afterS: 300, groups: ['leads', 'no'] }],
  mode: 'observe',
  observeUntil: '2026-12-01T00:00:00.000Z',
};

test('the YAML view says the same as the rule, in the words of the file, for every YAML reader', () => {
  assert.deepStrictEqual(parse(rulesAsYaml([FULL])), {
    policies: [
      {
        name: 'two-people-for-deploys',
        description: 'yes',
        when: {
          agents: ['openclaw-*'],
          tier: ['high'],
          class: ['deploy', 'infra'],
          taint: true,
          inspectable: false,
          time: { zone: 'Europe/Zurich', days: ['sat'], from: '08:00' },
        },
        if: FULL.if,
        // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
        then: 'hold',
        quorum: 2,
        from: ['platform-team'],
        expires: '10m',
        voteFor: '2h',
        undo: '90s',
        stepUp: 'passkey',
        escalate: [{ after: '5m', groups: ['leads', 'no'] }],
        mode: 'observe',
        observeUntil: '2026-12-01T00:00:00.000Z',
      },
    ],
  });
});

test('no rule at all is an empty list, and the JSON view is what is stored', () => {
  assert.deepStrictEqual(parse(rulesAsYaml([])), { policies: [] });
  assert.deepStrictEqual(JSON.parse(rulesAsJson([FULL])), [FULL]);
});
