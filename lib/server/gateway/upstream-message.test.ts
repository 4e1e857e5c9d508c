import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUpstreamMessage } from './upstream-message.ts';

const ok = '{"jsonrpc":"2.0","id":7,"result":{"content":[]}}';

test('an answer with our id passes byte for byte', () => {
  assert.deepEqual(readUpstreamMessage(ok, 7), { kind: 'answer', json: ok, isFailure: false });
});

test('an answer for another call, also one that differs in type only, does not pass', () => {
  assert.equal(readUpstreamMessage(ok, 8).kind, 'foreign');
  assert.equal(readUpstreamMessage(ok, '7').kind, 'foreign');
});

test('an answer in which a second id could be read is written anew', () => {
  for (const json of [
    '{"jsonrpc":"2.0","id":9,"id":7,"result":{}}',
    '{"jsonrpc":"2.0","\\u0069d":9,"id":7,"result":{}}',
    '{"jsonrpc":"2.0","i\\u0064":9,"id":7,"result":{}}',
  ]) {
    assert.deepEqual(readUpstreamMessage(json, 7), {
      kind: 'answer',
      json: '{"jsonrpc":"2.0","id":7,"result":{}}',
      isFailure: false,
    });
  }
});

test('the word id inside a text is no second id', () => {
  const json = '{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"{\\"id\\":9}"}]}}';
  const read = readUpstreamMessage(json, 7);
  assert.ok(read.kind === 'answer' && read.json === json);
});

test('errors and results with isError count as failures', () => {
  const error = readUpstreamMessage('{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}', 7);
  const isError = readUpstreamMessage('{"jsonrpc":"2.0","id":7,"result":{"isError":true}}', 7);
  assert.ok(error.kind === 'answer' && error.isFailure && isError.kind === 'answer' && isError.isFailure);
});

test('progress and log notifications pass, requests of the upstream to the client do not', () => {
  assert.equal(
    readUpstreamMessage('{"jsonrpc":"2.0","method":"notifications/progress","params":{}}', 7).kind,
    'notification',
  );
  for (const method of ['sampling/createMessage', 'elicitation/create', 'roots/list']) {
    const read = readUpstreamMessage(`{"jsonrpc":"2.0","id":7,"method":"${method}","params":{}}`, 7);
    assert.ok(read.kind === 'request');
    assert.match(read.reply, /"id":7,"error":\{"code":-32601/);
  }
  const ping = readUpstreamMessage('{"jsonrpc":"2.0","id":"p","method":"ping"}', 7);
  assert.deepEqual(ping, { kind: 'request', reply: '{"jsonrpc":"2.0","id":"p","result":{}}' });
});
