import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEntriesFor, entriesFor, GATEWAY_IDENTITY, NOTIFICATIONS_IDENTITY } from './entries-for.ts';

const OURS: { host: string; identity?: string } = { host: 'a' };
const NAMED = { host: 'b', identity: GATEWAY_IDENTITY };
const MAIL = { host: 'c', identity: NOTIFICATIONS_IDENTITY };
const BOT = { host: 'd', identity: 'agent:release-bot' };
const ALL = [OURS, NAMED, MAIL, BOT];

test('each identity has its own entries; one without an identity is the gateway’s', () => {
  assert.deepEqual(entriesFor(ALL, 'gateway'), [OURS, NAMED]);
  assert.deepEqual(entriesFor(ALL, 'notifications'), [MAIL]);
  assert.deepEqual(entriesFor(ALL, 'agent:release-bot'), [BOT]);
  assert.deepEqual(entriesFor(ALL, 'agent:other'), []);
});

test('the answer for an identity is the same array until the list is another one', () => {
  const find = createEntriesFor();
  const first = find(ALL, 'agent:release-bot');
  assert.deepEqual(first, [BOT]);
  assert.deepEqual(find(ALL, 'gateway'), [OURS, NAMED]);
  assert.equal(find(ALL, 'agent:release-bot'), first);
  assert.deepEqual(find([OURS], 'agent:release-bot'), []);
  const again = find(ALL, 'agent:release-bot');
  assert.notEqual(again, first);
  assert.deepEqual(again, first);
});
