import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApiDocument } from './openapi.ts';
import { ROUTES } from './routes.ts';

test('every route has one row, and the document describes each of them', () => {
  const keys = ROUTES.map((route) => `${route.method} ${route.path}`);
  assert.equal(new Set(keys).size, keys.length);
  const { paths } = openApiDocument('1.2.3');
  const text = JSON.stringify(paths);
  for (const route of ROUTES) assert.ok(text.includes(`"${route.path}"`), route.path);
});

test('a body in the document says which members it needs', () => {
  const text = JSON.stringify(openApiDocument('1.2.3'));
  assert.match(text, /"required":\["decision","digest"\]/);
});
