import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide } from '#lib/core/policies/decide.ts';
import { defaultSentence, thenSentence, whenSentence } from './rule-sentence.ts';

describe('a rule as a sentence', () => {
  it('names every condition it has and claims everything when it has none', () => {
    assert.equal(
      whenSentence({ agents: ['release-*'], classes: ['deploy', 'infra'], tiers: ['high'] }),
      'Calls of agent release-*, with tier high, of class deploy or infra',
    );
    assert.equal(whenSentence({}), 'Every call');
  });
  it('says how many people and how long', () => {
    assert.equal(
      // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
      thenSentence({ name: 'r', when: {}, then: 'hold', quorum: 2, expiresInS: 600 }),
      'wait for 2 people, for at most 10 minutes',
    );
  });
  it('says of the tiers what the decision itself says', () => {
    const of = (tier: 'low' | 'medium' | 'high') =>
      defaultSentence(decide({ rules: [], call: { agent: '', server: '', tool: '', tier, actionClass: 'other' } }));
    assert.match(of('low'), /^pass at once/);
    assert.match(of('medium'), /^wait for one person, for at most 1 hour;/);
    assert.match(of('high'), /^wait for one person, for at most 15 minutes;/);
  });
});
