import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { createStrangerLimits, type StrangerLimits } from './stranger-limits.ts';

let ports = 1_000;
/** A socket that was accepted from an address. */
function accept(limits: StrangerLimits, address = '192.0.2.1'): Socket {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  Object.defineProperty(socket, 'remotePort', { value: ports++ });
  limits.admit(socket);
  return socket;
}

test('an address holds so many sockets of strangers and no more; another address has its own', () => {
  const limits = createStrangerLimits(3);
  for (let n = 0; n < 3; n++) assert.equal(accept(limits).destroyed, false);
  assert.equal(accept(limits).destroyed, true);
  assert.equal(accept(limits, '192.0.2.2').destroyed, false);
});

test('a socket that closes, or says who it is, gives its place back, once', async () => {
  const limits = createStrangerLimits(2);
  const [first, second] = [accept(limits), accept(limits)];
  limits.known(first);
  limits.known(first);
  assert.equal(accept(limits).destroyed, false);
  assert.equal(accept(limits).destroyed, true);
  first.destroy();
  await new Promise((resolve) => first.once('close', resolve));
  assert.equal(accept(limits).destroyed, true, 'whoever was known holds no place that could be given back again');
  second.destroy();
  await new Promise((resolve) => second.once('close', resolve));
  assert.equal(accept(limits).destroyed, false);
});

test('without a limit every one of them is let in: the limit alone keeps them out', () => {
  const limits = createStrangerLimits(Number.POSITIVE_INFINITY);
  for (let n = 0; n < 300; n++) assert.equal(accept(limits).destroyed, false);
});
