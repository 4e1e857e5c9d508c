import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { safeNext } from './safe-next.ts';

describe('where to go after signing in', () => {
  for (const path of ['/approvals/0197a1b2-0000-7000-8000-000000000001', '/audit?agent=openclaw-prod', '/']) {
    it(`is the path that was asked for: ${path}`, () => assert.equal(safeNext(path), path));
  }
  for (const trap of [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    'evil.example',
    '/sign-in?next=/sign-in',
    '',
    undefined,
    ['/a', '/b'],
  ]) {
    it(`is the first page when the link names ${JSON.stringify(trap)}`, () => assert.equal(safeNext(trap), '/'));
  }
});
