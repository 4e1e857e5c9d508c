import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AUDIT_EVENT_TYPES } from '../audit/event-types.ts';
import { collapsedTitle, expiryNotice, type LoggedEvent, noticeOf, TOLD_TYPES } from './notice.ts';
import { plainName } from './plain-name.ts';
import { channelsFor, DEFAULT_PREFERENCES, heldUntil } from './preferences.ts';

const REQUEST = '019ab000-0000-7000-8000-000000000001';
const event = (more: Partial<LoggedEvent>): LoggedEvent => ({
  type: 'request.opened',
  eventId: '019ab000-0000-7000-8000-0000000000e1',
  at: '2026-11-23T12:34:56.000Z',
  requestId: REQUEST,
  tier: 'high',
  actionClass: 'shell',
  server: 'deploy-host',
  scope: null,
  days: null,
  step: null,
  ...more,
});

test('a request is told by tier, class and server, and by nothing else', () => {
  const notice = noticeOf(event({}));
  assert.equal(notice?.title, 'High: shell on deploy-host waits for a decision');
  assert.deepEqual(
    [notice.kind, notice.key, notice.path],
    ['approval-high', `request:${REQUEST}`, `/approvals/${REQUEST}`],
  );
  assert.deepEqual(notice.facts, { actionClass: 'shell', server: 'deploy-host' });
});

test('a class of actions is told in words, and stays a name for machines', () => {
  const notice = noticeOf(event({ actionClass: 'db-mutation' }));
  assert.equal(notice?.title, 'High: database mutation on deploy-host waits for a decision');
  assert.equal(notice.facts.actionClass, 'db-mutation');
});

test('each step of an escalation is news of its own, and tells whoever it asks', () => {
  const [first, second] = [1, 2].map((step) => noticeOf(event({ type: 'request.escalated', step })));
  assert.notEqual(first?.key, second?.key);
  assert.deepEqual(second?.audience, { kind: 'deciders', requestId: REQUEST, step: 2 });
});

test('a stop is told to everybody; of a tool’s scope only the server is said', () => {
  const titleOf = (scope: string) => noticeOf(event({ type: 'kill.on', scope, requestId: null }))?.title;
  assert.equal(titleOf('high-risk'), 'Kill switch on: high-risk');
  assert.equal(titleOf('tool:files/rm <script>'), 'Kill switch on: a tool of files');
  assert.equal(titleOf('agent:<b>'), 'Kill switch on: agent [U+003C]b[U+003E]');
});

test('what is told is in the log’s own list, and other entries tell nothing', () => {
  const known: readonly string[] = AUDIT_EVENT_TYPES;
  for (const type of TOLD_TYPES) assert.ok(known.includes(type), type);
  const incident = { id: 'i-1', kind: 'token-misused', severity: 'high', drill: false } as const;
  for (const type of known) {
    assert.equal(noticeOf(event({ type, incident })) !== null, TOLD_TYPES.includes(type), type);
  }
  assert.equal(noticeOf(event({ type: 'constructor' })), null);
});

test('a server that changes all its tools rings once an hour', () => {
  const keys = ['e1', 'e2'].map((eventId) => noticeOf(event({ type: 'tool.drifted', eventId }))?.key);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(noticeOf(event({ type: 'tool.drifted', at: '2026-11-23T13:00:00.000Z' }))?.key, keys[0]);
});

test('whatever a server is called, a title is one line of plain ASCII without a link or markup (T31, T33, U01, U02)', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      'x\r\nBcc: everybody@example.com',
      '<a href="https://evil.example">click</a>',
      '*bold* <!channel> <https://evil.example|ok> &lt;',
      '[text](https://evil.example)',
      'evil.example',
      '\u202e\u2066\u200b\u{e0041}',
      '=?utf-8?q?x?=',
    ),
  );
  fc.assert(
    fc.property(hostile, (server) => {
      const notices = [
        noticeOf(event({ server, actionClass: server })),
        noticeOf(event({ type: 'request.escalated', server })),
        noticeOf(event({ type: 'tool.drifted', server })),
        noticeOf(event({ type: 'kill.on', scope: `server:${server}` })),
        expiryNotice({ id: REQUEST, tier: 'low', actionClass: server, server }),
      ];
      for (const notice of notices) {
        const said = [notice?.title ?? '', ...Object.values(notice?.facts ?? {}).map((fact) => fact ?? '')];
        for (const text of said) assert.match(text, /^[A-Za-z0-9_+\-:,?[\]. ]*$/);
        assert.doesNotMatch(said.join(' ').replaceAll('...', ''), /\w\.\w|:\/\//);
        assert.ok((notice?.title.length ?? 0) < 1000);
      }
    }),
  );
  assert.equal(plainName('deploy-host_1'), 'deploy-host_1');
});

test('a message that stands for others says how many', () => {
  assert.equal(collapsedTitle('x', 0), 'x');
  assert.equal(collapsedTitle('x', 1), 'x - 1 more waits');
  assert.equal(collapsedTitle('x', 3), 'x - 3 more wait');
});

const night = { from: '00:00', to: '23:59', timeZone: 'UTC', days: [0, 1, 2, 3, 4, 5, 6] };
const at = Date.parse('2026-11-23T12:00:00Z');

test('quiet hours hold news back, save from whoever is on call, and high tier for whoever said so', () => {
  const quiet = { ...DEFAULT_PREFERENCES, quietHours: night, highBreaksThrough: false };
  const high = { kind: 'approval-high', tier: 'high', onCall: false } as const;
  assert.notEqual(heldUntil(quiet, high, at), null);
  assert.equal(heldUntil({ ...quiet, highBreaksThrough: true }, high, at), null);
  assert.equal(heldUntil(quiet, { ...high, onCall: true }, at), null);
  const medium = { kind: 'approval-medium', tier: 'medium', onCall: false } as const;
  assert.notEqual(heldUntil({ ...quiet, highBreaksThrough: true }, medium, at), null);
});

test('people are told on the channels they chose; on call somewhere in any case', () => {
  const available = ['web-push', 'email'] as const;
  const low = { kind: 'approval-low', onCall: false, available } as const;
  assert.deepEqual(channelsFor(DEFAULT_PREFERENCES, low), []);
  assert.deepEqual(channelsFor(DEFAULT_PREFERENCES, { ...low, onCall: true }), available);
  assert.deepEqual(channelsFor(DEFAULT_PREFERENCES, { ...low, kind: 'expiry' }), ['web-push']);
});
