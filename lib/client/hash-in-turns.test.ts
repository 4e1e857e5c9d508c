import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { argsHash } from '#lib/core/calls/digest.ts';
import { hashInTurns } from './hash-in-turns.ts';

const open = () => new AbortController().signal;

describe('a hash computed in turns', () => {
  const texts = ['', 'a', 'é\u{1F600}'.repeat(70_000), 'x'.repeat(128 * 1024), 'y'.repeat(400_001)];
  for (const text of texts) {
    it(`is the hash of the whole for ${text.length} characters`, async () =>
      assert.equal(await hashInTurns(text, open()), argsHash(text)));
  }
  it('lets other work run in between', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await hashInTurns('x'.repeat(1_000_000), open());
    clearInterval(timer);
    assert.ok(turns > 2, `${turns}`);
  });
  it('ends without an answer when it is called off', async () => {
    const stop = new AbortController();
    const hash = hashInTurns('x'.repeat(1_000_000), stop.signal);
    stop.abort();
    await assert.rejects(hash);
  });
});
