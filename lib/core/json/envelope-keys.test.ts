import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCaseVariantKeys } from './envelope-keys.ts';

const ALLOWED = ['method', 'params', 'id', 'skip'];
const cases: [string, Record<string, unknown>, boolean][] = [
  ['the exact keys are fine', { method: 1, params: 2 }, false],
  ['a capital beside the exact key is a variant', { method: 1, Method: 2 }, true],
  ['a capital alone is a variant too', { METHOD: 1 }, true],
  ['unrelated keys are not judged', { other: 1, _meta: 2 }, false],
  ['a long s folds into s', { 'param\u017f': 1 }, true],
  ['a kelvin sign folds into k', { 's\u212aip': 1 }, true],
  ['full-width letters fold into ASCII', { '\uff4d\uff45\uff54\uff48\uff4f\uff44': 1 }, true],
  ['an empty object has none', {}, false],
];
for (const [name, object, expected] of cases) {
  test(`envelope keys: ${name}`, () => assert.equal(hasCaseVariantKeys(object, ALLOWED), expected));
}
