import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPersonalChannel } from './kinds.ts';
import {
  expiryNotice,
  type LoggedEvent,
  noticeOf,
  requestNotice,
  rolesTold,
  TOLD_TYPES,
  testNotice,
} from './notice.ts';
import { plainName } from './plain-name.ts';

const event = (more: Partial<LoggedEvent>): LoggedEvent => ({
  type: 'kill.on',
  eventId: 'e1',
  at: '2026-11-23T12:34:56.000Z',
  requestId: null,
  tier: null,
  actionClass: null,
  server: 'files',
  scope: 'high-risk',
  days: 3,
  step: null,
  ...more,
});
const EVERYBODY = ['admin', 'reviewer', 'security'];
const STEWARDS = ['admin', 'security'];
const HOURLY = ':files:2026-11-23T12';

const NEWS: readonly (readonly [string, string, string, readonly string[], string, string])[] = [
  ['kill.on', 'kill', '/kill-switch', EVERYBODY, 'e1', 'Kill switch on: high-risk'],
  [
    'kill.restore-opened',
    'kill',
    '/kill-switch',
    STEWARDS,
    'e1',
    'A second person must confirm the restore of high-risk',
  ],
  ['kill.off', 'kill', '/kill-switch', EVERYBODY, 'e1', 'Kill switch off: high-risk'],
  ['break-glass.opened', 'security', '/exceptions', EVERYBODY, 'e1', 'Break-glass was opened'],
  ['break-glass.overdue', 'security', '/exceptions', STEWARDS, 'e1', 'A break-glass session was not reviewed in time'],
  ['credential.reminded', 'security', '/credentials', STEWARDS, 'e1', 'A credential of files ends within 3 days'],
  ['credential.ended', 'security', '/credentials', STEWARDS, 'e1', 'A credential of files has ended'],
  [
    'credential.rotation-failed',
    'security',
    '/credentials',
    STEWARDS,
    'e1',
    'The rotation of a credential of files failed',
  ],
  [
    'tool.drifted',
    'security',
    '/servers',
    STEWARDS,
    `tool.drifted${HOURLY}`,
    'Tools of files are not what was accepted',
  ],
  ['session.quarantined', 'security', '/agents', STEWARDS, 'e1', 'A session was quarantined'],
  [
    'call.replayed-with-other-arguments',
    'security',
    '/audit',
    STEWARDS,
    `call.replayed-with-other-arguments${HOURLY}`,
    'An agent came back with other arguments than were approved, for files',
  ],
  [
    'person.tied',
    'security',
    '/people',
    STEWARDS,
    `person.tied${HOURLY}`,
    'Somebody was brought in or given a role, and nobody else has confirmed them yet',
  ],
  ['sign-in.changed', 'security', '/settings/sign-in', STEWARDS, 'e1', 'How people sign in was changed'],
  ['policy.proposed', 'security', '/policies', STEWARDS, 'e1', 'A policy that loosens waits for a second person'],
  [
    'log.unreadable',
    'security',
    '/audit',
    STEWARDS,
    `log.unreadable${HOURLY}`,
    'The audit log took in an entry that it could not read',
  ],
];

for (const [type, kind, path, roles, key, title] of NEWS) {
  test(`${type} tells ${roles.join(', ')}: ${title}`, () => {
    const notice = noticeOf(event({ type }));
    assert.deepEqual(notice, {
      key,
      kind,
      type,
      tier: null,
      title,
      facts: { actionClass: null, server: 'files' },
      path,
      requestId: null,
      audience: { kind: 'roles', roles },
    });
    assert.deepEqual(rolesTold(type), roles);
  });
}

test('nothing else is news', () => {
  const others = ['request.opened', 'request.escalated', 'incident.opened', 'incident.reopened'];
  const known = [...NEWS.map(([type]) => type), ...others];
  assert.deepEqual([...TOLD_TYPES].sort(), known.sort());
  assert.equal(rolesTold('request.opened'), null);
  assert.equal(rolesTold('toString'), null);
});

test('an urgent incident is told by its kind to security and admins, and nothing else of it', () => {
  const incident = { id: 'i-1', kind: 'credential-leaked', severity: 'high', drill: false } as const;
  const notice = noticeOf(event({ type: 'incident.opened', incident, server: 'evil<b>' }));
  assert.equal(notice?.title, 'Incident: Credential sent elsewhere');
  assert.equal(notice?.path, '/incidents/i-1');
  assert.deepEqual(notice?.facts, { actionClass: null, server: null });
  assert.deepEqual(rolesTold('incident.reopened'), ['admin', 'security']);
  const drill = noticeOf(event({ type: 'incident.reopened', incident: { ...incident, drill: true } }));
  assert.equal(drill?.title, 'Drill: Credential sent elsewhere');
  // Milder ones wait on their page; of what is told by its own entry nobody hears twice.
  for (const quiet of [
    { ...incident, severity: 'medium' as const },
    { ...incident, kind: 'switch-killed' as const },
    { ...incident, kind: 'drill' as const, drill: true },
  ]) {
    assert.equal(noticeOf(event({ type: 'incident.opened', incident: quiet })), null);
  }
});

test('news without a name says so in words', () => {
  const bare = { server: null, scope: null, days: null };
  assert.equal(
    noticeOf(event({ type: 'credential.reminded', ...bare }))?.title,
    'A credential of a server ends within ? days',
  );
  assert.equal(
    noticeOf(event({ type: 'credential.reminded', days: 1 }))?.title,
    'A credential of files ends within 1 day',
  );
  assert.equal(noticeOf(event({ type: 'kill.on', ...bare }))?.title, 'Kill switch on: a scope');
  assert.equal(noticeOf(event({ type: 'kill.on', scope: '' }))?.title, 'Kill switch on: [empty]');
  assert.equal(noticeOf(event({ type: 'kill.on', scope: 'tool:/x' }))?.title, 'Kill switch on: a tool of [empty]');
  assert.equal(noticeOf(event({ type: 'tool.drifted', server: null }))?.key, 'tool.drifted::2026-11-23T12');
});

test('an opening without a request or a tier tells nothing, because nobody could be asked', () => {
  const opened = { type: 'request.opened', requestId: 'r', tier: 'low' } as const;
  assert.notEqual(noticeOf(event(opened)), null);
  assert.equal(noticeOf(event({ ...opened, requestId: null })), null);
  assert.equal(noticeOf(event({ ...opened, tier: null })), null);
});

test('a request and the steps of its escalation are told to whoever may decide it', () => {
  const request = { requestId: 'r', tier: 'medium', actionClass: null, server: null } as const;
  const facts = { actionClass: null, server: null };
  const both = { tier: 'medium', facts, path: '/approvals/r', requestId: 'r' };
  assert.deepEqual(requestNotice({ ...request, step: 0 }), {
    ...both,
    key: 'request:r',
    kind: 'approval-medium',
    type: 'request.opened',
    title: 'Medium: a call on a server waits for a decision',
    audience: { kind: 'deciders', requestId: 'r', step: 0 },
  });
  assert.deepEqual(requestNotice({ ...request, step: 2 }), {
    ...both,
    key: 'escalation:r:2',
    kind: 'escalation',
    type: 'request.escalated',
    title: 'Escalated to you: medium, a call on a server',
    audience: { kind: 'deciders', requestId: 'r', step: 2 },
  });
  assert.equal(noticeOf(event({ type: 'request.escalated', requestId: 'r', tier: 'low' }))?.key, 'escalation:r:1');
});

test('what is about to expire, and a test, are told as such', () => {
  assert.deepEqual(expiryNotice({ id: 'r', tier: 'high', actionClass: 'shell', server: 'a b' }), {
    key: 'expiry:r',
    kind: 'expiry',
    type: 'request.expiring',
    tier: 'high',
    title: 'About to expire: high, shell on a[U+0020]b',
    facts: { actionClass: 'shell', server: 'a[U+0020]b' },
    path: '/approvals/r',
    requestId: 'r',
    audience: { kind: 'deciders', requestId: 'r', step: 0 },
  });
  assert.deepEqual(testNotice('k'), {
    key: 'k',
    kind: 'security',
    type: 'test',
    tier: null,
    title: 'Test: notifications of Countersign arrive here',
    facts: { actionClass: null, server: null },
    path: '/approvals',
    requestId: null,
    audience: { kind: 'roles', roles: [] },
  });
});

test('a name is cut after 48 characters, and a missing one is said to be', () => {
  assert.equal(plainName('x'.repeat(48)), 'x'.repeat(48));
  assert.equal(plainName('x'.repeat(49)), `${'x'.repeat(48)}...`);
  assert.equal(plainName(''), '[empty]');
  assert.equal(plainName('\u{1f600}é'), '[U+1F600][U+00E9]');
});

test('push and mail reach one person, chat and webhooks a room', () => {
  const kinds = ['web-push', 'email', 'slack', 'webhook'] as const;
  assert.deepEqual(kinds.filter(isPersonalChannel), ['web-push', 'email']);
});
