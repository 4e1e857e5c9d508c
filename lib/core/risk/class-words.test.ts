import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classWords } from './class-words.ts';
import { ACTION_CLASSES } from './types.ts';

test('a class of action is said in words', () => {
  assert.equal(classWords('shell'), 'shell');
  assert.equal(classWords('code-exec'), 'code exec');
  assert.equal(classWords('db-mutation'), 'database mutation');
  assert.equal(classWords('db-read'), 'database read');
  assert.equal(classWords('iam'), 'access rights');
});

test('no class keeps a hyphen, and no two are said alike', () => {
  const said = ACTION_CLASSES.map(classWords);
  assert.ok(said.every((words) => /^[a-z ]+$/.test(words)));
  assert.equal(new Set(said).size, ACTION_CLASSES.length);
});
