import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_TEST, fieldsOf, testFrom } from './test-form.ts';

const filled = { ...EMPTY_TEST, name: 'refunds', agent: 'bot', server: 'shop', tool: 'refund' };

test('fields become a test, and a test becomes the same fields', () => {
  const { test: made } = testFrom({ ...filled, args: '{"amount": 120}', quorum: '2', tainted: true });
  assert.deepEqual(made, {
    name: 'refunds',
    call: { agent: 'bot', server: 'shop', tool: 'refund', args: { amount: 120 }, tainted: true },
    expect: { decision: 'hold', quorum: 2 },
  });
  assert.ok(made !== null);
  assert.deepEqual(testFrom(fieldsOf(made)).test, made);
});

test('each field that is wrong says so itself', () => {
  const { faults } = testFrom({ ...EMPTY_TEST, name: 'Two Words', quorum: '0', at: 'noon' });
  assert.deepEqual(Object.keys(faults ?? {}).toSorted(), ['agent', 'at', 'name', 'quorum', 'server', 'tool']);
});

test('arguments that are no JSON object are refused in words that quote nothing of them', () => {
  for (const args of ['', '{"a": }', "{'a': 1}", '[1]', '"text"', 'null', '12']) {
    const { faults } = testFrom({ ...filled, args });
    assert.match(faults?.args ?? '', /JSON/, args);
  }
  assert.match(testFrom({ ...filled, args: JSON.stringify({ t: 'x'.repeat(5_000) }) }).faults?.args ?? '', /4096/);
});

test('a quorum is of a hold alone', () => {
  assert.deepEqual(testFrom({ ...filled, decision: 'deny', quorum: '3' }).test?.expect, { decision: 'deny' });
});
