import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, draftOf } from './channel-draft.ts';

const empty = draftOf(null);

test('a half-filled form is no channel', () => {
  for (const kind of ['web-push', 'email', 'webhook'] as const) assert.equal(configOf(kind, empty), null, kind);
  assert.equal(configOf('webhook', { ...empty, url: 'https://name:secret@example.com/' }), null);
});

test('a plain address is a contact, and a secret left empty is not sent', () => {
  assert.deepEqual(configOf('web-push', { ...empty, contact: 'ops@example.com' }), {
    kind: 'web-push',
    contact: 'mailto:ops@example.com',
  });
  const mail = configOf('email', { ...empty, host: 'mail.example.com', from: 'Ops@Example.com' });
  assert.deepEqual(mail, {
    kind: 'email',
    host: 'mail.example.com',
    port: 587,
    tls: 'starttls',
    username: null,
    from: 'ops@example.com',
    perPersonPerHour: 30,
  });
});

test('the form of a channel that is there holds what is no secret', () => {
  const draft = draftOf({
    kind: 'email',
    host: 'mail.example.com',
    port: 465,
    tls: 'implicit',
    username: 'ops',
    hasPassword: true,
    from: 'ops@example.com',
    perPersonPerHour: 5,
  });
  assert.deepEqual(
    [draft.host, draft.port, draft.tls, draft.username, draft.password, draft.perHour],
    ['mail.example.com', '465', 'implicit', 'ops', '', '5'],
  );
});
