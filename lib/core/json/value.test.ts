import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonArray, isJsonObject, type JsonValue, ownValue } from './value.ts';

test('objects, arrays and the rest are told apart', () => {
  const rest: readonly (JsonValue | undefined)[] = [null, undefined, true, 0, '', 'text'];
  for (const value of rest) assert.deepEqual([isJsonObject(value), isJsonArray(value)], [false, false]);
  assert.deepEqual([isJsonObject({}), isJsonArray({})], [true, false]);
  assert.deepEqual([isJsonObject([]), isJsonArray([])], [false, true]);
});

test('only what an object has itself is read', () => {
  assert.equal(ownValue({ a: 1 }, 'a'), 1);
  assert.equal(ownValue({ a: 1 }, 'b'), undefined);
  for (const inherited of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.equal(ownValue({}, inherited), undefined, inherited);
  }
});
