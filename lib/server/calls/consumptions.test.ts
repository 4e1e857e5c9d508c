import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Consumed } from '../approvals/consume-request.ts';
import { createConsumptions } from './consumptions.ts';

test('attempts on one request take turns, also after one that threw, and only a success makes it ours', async () => {
  const consumptions = createConsumptions();
  const order: string[] = [];
  const first = Promise.withResolvers<Consumed>();
  const a = consumptions.run('r', () => {
    order.push('a starts');
    return first.promise;
  });
  const b = consumptions.run('r', async () => {
    order.push('b starts');
    return { kind: 'consumed' };
  });
  const other = consumptions.run('other', async () => ({ kind: 'taken' }));
  assert.deepEqual(await other, { kind: 'taken' });
  assert.deepEqual(order, ['a starts'], 'b waits for a; another request does not');
  first.reject(new Error('the connection was lost'));
  await assert.rejects(a);
  assert.deepEqual(await b, { kind: 'consumed' });
  assert.deepEqual([consumptions.isOurs('r'), consumptions.isOurs('other')], [true, false]);
});
