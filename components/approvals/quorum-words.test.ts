import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askedByNow, missingFactors, nextStep, quorumSentence } from './quorum-words.ts';
import { sampleApproval } from './sample-approval.ts';

const record = sampleApproval();
const terms = {
  ...record.terms,
  factors: [
    { groups: ['platform'], count: 1, approved: 1 },
    { groups: ['security', 'legal'], count: 2, approved: 0 },
  ],
  escalation: [
    { afterS: 300, groups: ['leads'] },
    { afterS: 600, groups: ['cto', 'ceo'] },
  ],
};

describe('a quorum in words', () => {
  it('counts people and names the group that is missing', () => {
    assert.equal(
      quorumSentence({ quorum: { needed: 3, approved: 1 }, terms }),
      '1 of 3 needed, 2 more of security or legal missing',
    );
    assert.deepEqual(missingFactors([{ groups: ['security'], count: 1, approved: 0 }]), ['security missing']);
  });
  it('never claims more votes than are needed', () =>
    assert.equal(quorumSentence({ quorum: { needed: 1, approved: 4 }, terms: record.terms }), '1 of 1 needed'));
});

describe('an escalation in words', () => {
  it('names who is asked next and who was asked by now', () => {
    assert.equal(nextStep(terms)?.groups, 'leads');
    assert.equal(nextStep({ ...terms, escalationStep: 1 })?.groups, 'cto or ceo');
    assert.equal(nextStep({ ...terms, escalationStep: 2 }), null);
    assert.deepEqual(askedByNow({ ...terms, escalationStep: 1 }), ['leads']);
  });
});
