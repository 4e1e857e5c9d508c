import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { err, ok } from '#lib/core/result.ts';
import { answerOnce } from '#lib/server/approvals/answer-once.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

test('the same key and request is carried out once and answered identically; another request is refused (T06)', async () => {
  let runs = 0;
  const work = async () => ok({ run: ++runs, secret: 'rm -rf' });
  const first = await answerOnce(at, { actor: 'person:1', key: 'k', request: 'a' }, work);
  const second = await answerOnce(at, { actor: 'person:1', key: 'k', request: 'a' }, work);
  assert.deepEqual(second, first);
  assert.equal(runs, 1);
  const other = await answerOnce(at, { actor: 'person:1', key: 'k', request: 'b' }, work);
  assert.equal(other.ok ? 'ran' : other.error.code, 'idempotency-mismatch');
  await answerOnce(at, { actor: 'person:2', key: 'k', request: 'b' }, work);
  assert.equal(runs, 2);
  const rows = await at.prisma.idempotencyKey.findMany();
  assert.ok(!JSON.stringify(rows).includes('rm -rf'), 'the stored answer must be sealed');
});

test('a second attempt while the first runs is refused, and a refusal is kept like an answer', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const first = answerOnce(at, { actor: 'person:1', key: 'slow', request: 'a' }, async () => {
    started.resolve();
    await promise;
    return err({ code: 'already-decided', extra: { record: { id: 1 } } });
  });
  await started.promise;
  const meanwhile = await answerOnce(at, { actor: 'person:1', key: 'slow', request: 'a' }, async () => ok(1));
  assert.equal(meanwhile.ok ? 'ran' : meanwhile.error.code, 'idempotency-in-flight');
  resolve();
  const kept = await first;
  assert.deepEqual(await answerOnce(at, { actor: 'person:1', key: 'slow', request: 'a' }, async () => ok(1)), kept);
});

test('work that broke leaves the key free', async () => {
  const broken = answerOnce(at, { actor: 'person:1', key: 'b', request: 'a' }, () => Promise.reject(new Error('down')));
  await assert.rejects(broken, /down/);
  const again = await answerOnce(at, { actor: 'person:1', key: 'b', request: 'a' }, async () => ok('fine'));
  assert.deepEqual(again, ok('fine'));
});
