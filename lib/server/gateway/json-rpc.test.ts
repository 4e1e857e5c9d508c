import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idKey, progressTokenOf, readMessage } from './json-rpc.ts';

test('a request, a notification and a response are told apart', () => {
  const kinds = [
    '{"jsonrpc":"2.0","id":0,"method":"ping"}',
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    '{"jsonrpc":"2.0","id":1,"result":{}}',
  ].map((text) => {
    const read = readMessage(text);
    return read.ok ? read.value.kind : read.error.code;
  });
  assert.deepEqual(kinds, ['request', 'notification', 'response']);
});

const refused = [
  ['a null id', '{"jsonrpc":"2.0","id":null,"method":"ping"}'],
  ['an id of 257 characters', `{"jsonrpc":"2.0","id":"${'x'.repeat(257)}","method":"ping"}`],
  ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
  ['params that are a list', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}'],
  [
    'a second spelling of arguments',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","Arguments":{}}}',
  ],
  [
    'a key that folds to ASCII',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","argument\u017F":{}}}',
  ],
  ['neither method nor answer', '{"jsonrpc":"2.0","id":1}'],
] as const;
for (const [what, text] of refused) {
  test(`${what} is refused`, () => {
    assert.equal(readMessage(text).ok, false);
  });
}

test('the number 1 and the text "1" are two ids', () => {
  assert.notEqual(idKey(1), idKey('1'));
});

test('a progress token is taken from _meta only, and only if it is an id', () => {
  assert.equal(progressTokenOf({ _meta: { progressToken: 7 } }), 7);
  assert.equal(progressTokenOf({ _meta: { progressToken: { a: 1 } } }), undefined);
  assert.equal(progressTokenOf({ progressToken: 7 }), undefined);
});
