import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childPath } from './path.ts';

test('a path reads like the way to the value', () => {
  assert.equal(childPath('$', 'a'), '$.a');
  assert.equal(childPath('$.a', 'snake_Case9'), '$.a.snake_Case9');
  assert.equal(childPath('$', '_x'), '$._x');
  assert.equal(childPath('$.list', 0), '$.list[0]');
});

test('a key that is no plain name is quoted, so that it cannot pass for a way through other keys', () => {
  for (const key of ['', '9', 'a.b', 'a b', 'a-b', '[0]', 'é', 'a"b', ' a', 'a ', '0a']) {
    assert.equal(childPath('$', key), `$[${JSON.stringify(key)}]`);
  }
});
