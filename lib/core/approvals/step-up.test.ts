import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../hash/bytes.ts';
import { readVoteSubject, stepUpChallenge, voteSubject } from './step-up.ts';

const parts = { digest: 'ab'.repeat(32), decision: 'approve', personId: 'ana', nonce: 'n1' };

test('the challenge is the hash of the four length-prefixed parts', () => {
  const part = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const expected = createHash('sha256')
    .update(Buffer.concat([part(parts.digest), part('approve'), part('ana'), part('n1')]))
    .digest('hex');
  assert.equal(toHex(stepUpChallenge(parts)), expected);
});

test('two different votes never share a challenge, however their parts are cut', () => {
  const text = fc.string({ maxLength: 12 });
  const vote = fc.record({ digest: text, decision: text, personId: text, nonce: text });
  fc.assert(
    fc.property(vote, vote, (one, other) => {
      const same = toHex(stepUpChallenge(one)) === toHex(stepUpChallenge(other));
      assert.equal(same, JSON.stringify(one) === JSON.stringify(other));
    }),
  );
  const moved = { ...parts, digest: `${parts.digest}a`, decision: 'pprove' };
  assert.notEqual(toHex(stepUpChallenge(moved)), toHex(stepUpChallenge(parts)));
});

test('a vote alone, one in another’s place and an ordinary one are three subjects', () => {
  const subject = { id: 'r1', digest: 'd', decision: 'approve' };
  const manners = [{}, { breakGlass: true }, { forPersonId: 'p1' }, { forPersonId: 'p2' }];
  const all = [...manners, { breakGlass: true, forPersonId: 'p1' }].map((manner) =>
    voteSubject({ ...subject, ...manner }),
  );
  assert.equal(new Set(all).size, 5);
  const decisions = all.map((text) => readVoteSubject(text)?.decision);
  assert.equal(new Set(decisions).size, 5, 'and five challenges, because the decision is hashed');
  assert.equal(voteSubject({ ...subject, breakGlass: false }), voteSubject(subject));
});

test('a subject is read back as it was written, and nothing else is read', () => {
  const subject = { id: 'r1', digest: 'd', decision: 'deny' };
  assert.deepEqual(readVoteSubject(voteSubject(subject)), subject);
  for (const text of ['', 'r1 deny', 'r1 deny d more', 'r1  d', ' deny d']) assert.equal(readVoteSubject(text), null);
});
