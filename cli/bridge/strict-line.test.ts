// What reaches a server of this machine is what was judged, whatever reader that server has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStrictLine } from './wire.ts';

const rawOf = (line: string) => {
  const read = readStrictLine(line);
  return read.ok ? read.value.raw : read.error;
};

test('only the members that JSON-RPC knows are passed on, in one spelling', () => {
  const line =
    '{"jsonrpc":"2.0", "id":1,"method":"ping","Method":"tools/call","METHOD":"x","params":{"b":1.0,"a":2},"extra":1}';
  assert.equal(rawOf(line), '{"id":1,"jsonrpc":"2.0","method":"ping","params":{"a":2,"b":1}}');
});

test('what two readers would understand differently is refused under its id', () => {
  const twice = '{"jsonrpc":"2.0","id":7,"method":"tools/call","method":"ping","params":{}}';
  assert.deepEqual(rawOf(twice), { id: 7, code: 'bad-json' });
  assert.deepEqual(rawOf('{"jsonrpc":"2.0","id":8,"method":"ping","params":{"\\u0061":1,"a":2}}'), {
    id: 8,
    code: 'bad-json',
  });
});

test('a call cannot pass for a notification', () => {
  for (const id of ['', '"id":null,', '"id":{},', '"id":[1],', '"id":true,']) {
    const line = `{"jsonrpc":"2.0",${id}"method":"tools/call","params":{"name":"rm"}}`;
    assert.deepEqual(rawOf(line), { id: null, code: 'bad-json' }, line);
  }
  const notice = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
  assert.equal(rawOf(notice), notice);
  assert.deepEqual(rawOf('{"jsonrpc":"2.0","id":null,"method":"notifications/initialized"}'), {
    id: null,
    code: 'bad-json',
  });
});

test('an array of messages, a text that goes on and an empty line are refused', () => {
  for (const line of ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', '{"id":1,"method":"ping"} {}', '', '{}']) {
    assert.deepEqual(typeof rawOf(line), 'object', line);
  }
});
