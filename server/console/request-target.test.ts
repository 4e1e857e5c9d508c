import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRouterState, judgeTarget } from './request-target.ts';

const judge = (method: string, url: string, rawHeaders: string[] = ['Host', 'localhost:3000']) =>
  judgeTarget({ method, url, rawHeaders })?.status ?? 200;

test('an ordinary request passes, also with a lone percent sign in its query', () => {
  assert.equal(judge('GET', '/agents/caf%C3%A9?agent=100%&cursor=abc'), 200);
  assert.equal(judge('PATCH', '/api/v1/servers/a%2Fb'), 200);
});

test('an address that somebody further in could not read is refused', () => {
  for (const url of [
    '/agents/%',
    '/agents/%ff',
    '/agents/a%00b',
    '/api/v1/audit?decision=%00',
    'http://evil/x',
    '*',
    '',
  ]) {
    assert.equal(judge('GET', url), 400, url);
  }
});

test('a method that no handler can be called with is refused', () => {
  assert.equal(judge('TRACE', '/'), 405);
  assert.equal(judge('CONNECT', '/'), 405);
});

test('two Host headers are refused, whichever is ours', () => {
  assert.equal(judge('GET', '/', ['Host', 'localhost:3000', 'host', 'evil']), 400);
});

test('a router state must be an encoded list, or absent', () => {
  assert.equal(isRouterState(undefined), true);
  assert.equal(isRouterState(encodeURIComponent('["",{}]')), true);
  for (const header of ['%', 'x', '{}', '', '[""]']) assert.equal(isRouterState(header), false, header);
});
