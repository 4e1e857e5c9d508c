import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askedByNow, missingFactors, nextStep } from './quorum-words.ts';
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

describe('a factor in words', () => {
  it('names each group that is missing, and how many of it', () => {
    assert.deepEqual(missingFactors(terms.factors), ['2 more of security or legal missing']);
    assert.deepEqual(missingFactors([{ groups: ['security'], count: 1, approved: 0 }]), ['security missing']);
    assert.deepEqual(missingFactors([{ groups: ['security'], count: 1, approved: 2 }]), []);
  });
});

describe('an escalation in words', () => {
  it('names who is asked next and who was asked by now', () => {
    assert.equal(nextStep(terms)?.groups, 'leads');
    assert.equal(nextStep({ ...terms, escalationStep: 1 })?.groups, 'cto or ceo');
    assert.equal(nextStep({ ...terms, escalationStep: 2 }), null);
    assert.deepEqual(askedByNow({ ...terms, escalationStep: 1 }), ['leads']);
  });
});
