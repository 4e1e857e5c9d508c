import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createRefresher } from './refresh-keys.ts';

const LIST = ['approvals', 'list'];

/** A refresher whose refreshes end when told. */
function start(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const open: { readonly key: string; readonly done: () => void }[] = [];
  const refresher = createRefresher((key) => {
    const gate = Promise.withResolvers<void>();
    open.push({ key: key.join('/'), done: gate.resolve });
    return gate.promise;
  });
  return {
    refresher,
    open,
    finish: async (index: number) => {
      open[index]?.done();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('a refresh that runs is not started again by what comes meanwhile, but followed by exactly one', async (t) => {
  const { refresher, open, finish } = start(t);
  for (let count = 0; count < 50; count += 1) refresher.fire(LIST, 80);
  t.mock.timers.tick(1000);
  assert.equal(open.length, 1);
  await finish(0);
  assert.equal(open.length, 1, 'it rests first');
  t.mock.timers.tick(1000);
  assert.equal(open.length, 2);
  await finish(1);
  t.mock.timers.tick(4000);
  assert.equal(open.length, 2);
});

test('a slow refresh rests as long as it took', async (t) => {
  const { refresher, open, finish } = start(t);
  refresher.fire(LIST, 80);
  refresher.fire(LIST, 80);
  t.mock.timers.tick(600);
  await finish(0);
  t.mock.timers.tick(599);
  assert.equal(open.length, 1);
  t.mock.timers.tick(1);
  assert.equal(open.length, 2);
});

test('keys do not wait for each other', (t) => {
  const { refresher, open } = start(t);
  refresher.fire(LIST, 80);
  refresher.fire(['overview'], 80);
  assert.deepEqual(
    open.map((one) => one.key),
    ['approvals/list', 'overview'],
  );
});

test('a refresh that never ends holds its key for five seconds at most', (t) => {
  const { refresher, open } = start(t);
  refresher.fire(LIST, 80);
  refresher.fire(LIST, 80);
  t.mock.timers.tick(5000);
  assert.equal(open.length, 2);
});

test('nothing runs after the stop', async (t) => {
  const { refresher, open, finish } = start(t);
  refresher.fire(LIST, 80);
  refresher.fire(LIST, 80);
  refresher.stop();
  await finish(0);
  t.mock.timers.tick(10_000);
  assert.equal(open.length, 1);
});
