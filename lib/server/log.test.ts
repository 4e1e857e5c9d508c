import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasHidden, toVisible } from '#lib/core/text/visible.ts';
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

test('what hides, reorders or repaints stands in the log as an escape (T32, U02)', () => {
  const said = 'a\u001b[2J\u001b]8;;http://evil\u0007\rb\u202e\u2066\u200b\u009b31m\u{e0041}';
  const text = capture((log) => {
    log.warn({ server: said, err: new Error(said) }, `refused ${said}`);
    log.child({ requestId: said }).error('x');
  });
  for (const line of text.trimEnd().split('\n')) {
    assert.equal(hasHidden(line), false, toVisible(line));
    const entry: { server?: string; requestId?: string } = JSON.parse(line);
    assert.equal(entry.server ?? entry.requestId, said, 'and a program reads what was said');
  }
});
