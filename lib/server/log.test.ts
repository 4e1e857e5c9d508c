import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './log.ts';

function capture(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog('info', 'test', { write: (line) => (text += line) }));
  return text;
}

test('secrets are replaced wherever they stand in an entry', () => {
  const text = capture((log) => {
    log.info({ token: 'hunter2', request: { headers: { authorization: 'Bearer hunter2' }, args: 'hunter2' } }, 'seen');
    log.info({ password: 'hunter2', call: { detail: { arguments: 'hunter2' } } }, 'seen');
  });
  assert.doesNotMatch(text, /hunter2/);
  assert.match(text, /\[redacted\]/);
});

test('an error is described without its own properties, on one line', () => {
  const error = Object.assign(new Error('first\nsecond'), { query: 'INSERT secret-value', code: 'P2002' });
  const text = capture((log) => log.error({ err: error }, 'failed'));
  assert.doesNotMatch(text, /secret-value/);
  assert.match(text, /first second/);
  assert.match(text, /P2002/);
});

test('entries carry their request id', () => {
  assert.match(
    capture((log) => log.child({ requestId: 'r-1' }).info('x')),
    /"requestId":"r-1"/,
  );
});
