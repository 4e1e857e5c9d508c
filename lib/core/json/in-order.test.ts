import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from './canonical.ts';
import { isInOrder } from './in-order.ts';
import type { JsonValue } from './value.ts';

const IN_ORDER: readonly JsonValue[] = [
  'text',
  '',
  0,
  -1.5,
  true,
  false,
  null,
  [],
  {},
  [1, 'a', null, [true], { a: 1 }],
  { a: 1, b: [{ c: null, d: '€' }] },
  { '1': 'one', '2': 'two' },
  { a: {}, ab: {}, b: {} },
];
for (const value of IN_ORDER) {
  test(`${JSON.stringify(value)} is written as it stands`, () => {
    assert.equal(isInOrder(value), true);
    assert.equal(canonicalJson(value), JSON.stringify(value));
  });
}

const OUT_OF_ORDER: readonly JsonValue[] = [
  { b: 1, a: 2 },
  { a: { b: 1, a: 2 } },
  [{ b: 1, a: 2 }],
  [0, [0, { b: 1, a: 2 }]],
  { a: 1, b: 2, aa: 3 },
  // Numeric keys come in the order of numbers, the RFC asks for that of text.
  { '9': 1, '10': 2 },
];
for (const value of OUT_OF_ORDER) {
  test(`${JSON.stringify(value)} has to be sorted`, () => {
    assert.equal(isInOrder(value), false);
    assert.notEqual(canonicalJson(value), JSON.stringify(value));
  });
}

test('what is not plain JSON data is never in order', () => {
  const odd: readonly unknown[] = [
    '\ud800',
    ['\udc00'],
    { '\ud800': 1 },
    { a: '\ud800' },
    Number.NaN,
    [Number.POSITIVE_INFINITY],
    { a: undefined },
    undefined,
    () => 1,
    1n,
    new Date(0),
    Object.create(null),
    Object.assign(Object.create({ toJSON: () => 1 }), { a: 1 }),
    Object.setPrototypeOf([1], { __proto__: Array.prototype, toJSON: () => 1 }),
  ];
  // These are values that the type rules out: the guard is for code that was wrong about it.
  for (const value of odd) assert.equal(Reflect.apply(isInOrder, null, [value]), false, String(typeof value));
});

test('nesting is looked through to the limit and not beyond', () => {
  const lists = (depth: number): JsonValue => {
    let value: JsonValue = [];
    for (let i = 1; i < depth; i++) value = [value];
    return value;
  };
  const objects = (depth: number): JsonValue => {
    let value: JsonValue = {};
    for (let i = 1; i < depth; i++) value = { a: value };
    return value;
  };
  for (const nested of [lists, objects]) {
    assert.equal(isInOrder(nested(65)), true);
    assert.equal(isInOrder(nested(66)), false);
    assert.equal(canonicalJson(nested(66)), JSON.stringify(nested(66)));
  }
});
