import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createRequestFeed } from './live-requests.ts';

/** A feed whose questions are answered when told. */
function start(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const asked: { readonly ids: readonly string[]; readonly answer: (rows: [] | null) => void }[] = [];
  const seen = { merged: 0, whole: 0, listing: false };
  const feed = createRequestFeed({
    read: (ids) => {
      const gate = Promise.withResolvers<[] | null>();
      asked.push({ ids, answer: gate.resolve });
      return gate.promise;
    },
    merge: () => {
      seen.merged += 1;
    },
    isListing: () => seen.listing,
    readAll: () => {
      seen.whole += 1;
    },
  });
  const answer = async (at: number, rows: [] | null = []) => {
    asked[at]?.answer(rows);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { feed, asked, seen, answer, tick: (ms: number) => t.mock.timers.tick(ms) };
}

test('the first request that is named is read at once, what comes meanwhile in one question after it', async (t) => {
  const { feed, asked, answer, tick } = start(t);
  feed.note('a');
  tick(0);
  for (let n = 0; n < 40; n += 1) feed.note(`n${n % 20}`);
  tick(1000);
  assert.deepEqual(
    asked.map(({ ids }) => ids.length),
    [1],
  );
  await answer(0);
  tick(1000);
  assert.deepEqual(
    asked.map(({ ids }) => ids.length),
    [1, 20],
  );
});

test('a request that changes again while it is being read is read again', async (t) => {
  const { feed, asked, answer, tick } = start(t);
  feed.note('a');
  tick(0);
  feed.note('a');
  await answer(0);
  tick(1000);
  assert.deepEqual(
    asked.map(({ ids }) => ids),
    [['a'], ['a']],
  );
});

test('single lines wait for a list that is on its way, which would overwrite them', (t) => {
  const { feed, asked, seen, tick } = start(t);
  seen.listing = true;
  feed.note('a');
  tick(500);
  assert.equal(asked.length, 0);
  seen.listing = false;
  tick(500);
  assert.equal(asked.length, 1);
});

test('a list that began while they were read is not trusted to know them', async (t) => {
  const { feed, asked, seen, answer, tick } = start(t);
  feed.note('a');
  tick(0);
  seen.listing = true;
  await answer(0);
  seen.listing = false;
  tick(1000);
  assert.equal(seen.merged, 1);
  assert.deepEqual(asked[1]?.ids, ['a']);
});

test('when too many changed, or the question fails, the lists are read whole', async (t) => {
  const { feed, asked, seen, answer, tick } = start(t);
  for (let n = 0; n < 101; n += 1) feed.note(`n${n}`);
  tick(0);
  assert.deepEqual([asked.length, seen.whole], [0, 1]);
  feed.note('a');
  tick(1000);
  await answer(0, null);
  assert.equal(seen.whole, 2);
});

test('nothing is asked after the stop', async (t) => {
  const { feed, asked, seen, answer, tick } = start(t);
  feed.note('a');
  tick(0);
  feed.note('b');
  feed.stop();
  await answer(0);
  tick(10_000);
  assert.deepEqual([asked.length, seen.merged], [1, 0]);
});
