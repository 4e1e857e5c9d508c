// Notifications over HTTP: what the console asks for, other people's browsers, and what Slack sends.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { channelSavedSchema } from '#lib/contracts/notifications.ts';
import { preferencesSchema, subscriptionsListSchema } from '#lib/contracts/preferences.ts';
import { type PushService, startPushService } from '#tests/fakes/push-service.ts';
import { type RunningConsole, startConsole, type Visitor, visit } from '#tests/fixtures/console.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { allowForNotifications } from '#tests/fixtures/notifications.ts';
import { addPerson } from '#tests/fixtures/people.ts';

const SIGNING = '8f742231b10e8888abcd99yyyzzz85a5';
const reason = 'set by the test';
let at: Installation;
let running: RunningConsole;
let push: PushService;
let ana: Visitor;
let ben: Visitor;
let cyd: Visitor;
before(async () => {
  at = await openInstallation();
  await addPerson(at, 'ben');
  await addPerson(at, 'cyd');
  running = await startConsole(at);
  push = await startPushService();
  [ana, ben, cyd] = [visit(running), visit(running), visit(running)];
  for (const [visitor, name] of [
    [ana, 'ana'],
    [ben, 'ben'],
    [cyd, 'cyd'],
  ] as const) {
    assert.equal((await visitor.signIn(`${name}@example.com`)).status, 200);
  }
});
after(async () => {
  await push?.close();
  await running?.stop();
  await at?.close();
});

test('a channel is refused with the entries it needs, made on confirmation, and its secret is shown once', async () => {
  const body = { name: 'siem', config: { kind: 'webhook', url: `http://127.0.0.1:${push.port}/in` }, reason };
  const refused = await ana.send('POST', '/api/v1/notifications', { body });
  assert.deepEqual([refused.status, refused.code], [409, 'egress-entry-needed']);
  assert.match(refused.text, /"needs":\[\{.*"identity":"notifications"/);
  const made = await ana.send('POST', '/api/v1/notifications', { body: { ...body, addEgress: true } });
  assert.equal(made.status, 201, made.text);
  const channel = channelSavedSchema.parse(JSON.parse(made.text));
  assert.match(channel.secret ?? '', /^whsec_/);
  const read = await ana.send('GET', `/api/v1/notifications/${channel.id}`);
  assert.equal(read.status, 200);
  assert.doesNotMatch(read.text, /whsec_|\/in"/);
  const removed = await ana.send('DELETE', `/api/v1/notifications/${channel.id}`, { body: { reason } });
  assert.equal(removed.status, 200);
});

test('each person has their own preferences', async () => {
  const read = preferencesSchema.parse(JSON.parse((await ben.send('GET', '/api/v1/notifications/preferences')).text));
  const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', days: [0, 1, 2, 3, 4, 5, 6] };
  const body = { chosen: read.chosen, quietHours, highBreaksThrough: false };
  assert.equal((await ben.send('PATCH', '/api/v1/notifications/preferences', { body })).status, 200);
  const wrong = { ...body, quietHours: { ...quietHours, timeZone: 'Mars/Olympus' } };
  assert.equal((await ben.send('PATCH', '/api/v1/notifications/preferences', { body: wrong })).code, 'invalid-request');
  const [bens, cyds] = await Promise.all([ben, cyd].map((one) => one.send('GET', '/api/v1/notifications/preferences')));
  assert.match(bens?.text ?? '', /Europe\/Berlin/);
  assert.doesNotMatch(cyds?.text ?? '', /Europe\/Berlin/);
});

test('another’s browser is answered like one that is nobody’s', async () => {
  const config = { kind: 'web-push', contact: 'mailto:ops@example.com' };
  const made = await ana.send('POST', '/api/v1/notifications', {
    body: { name: 'push', config, addEgress: true, reason },
  });
  assert.equal(made.status, 201, made.text);
  await allowForNotifications(at, push.port);
  const { endpoint, keys } = push.browser('bens');
  const subscribed = await ben.send('POST', '/api/v1/notifications/subscriptions', { body: { endpoint, keys } });
  assert.equal(subscribed.status, 201, subscribed.text);
  assert.doesNotMatch(subscribed.text, /push\/bens/, 'the endpoint is a secret');
  const list = subscriptionsListSchema.parse(
    JSON.parse((await ben.send('GET', '/api/v1/notifications/subscriptions')).text),
  );
  const id = list.items[0]?.id ?? '';
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/test'],
  ] as const) {
    const answers = await Promise.all(
      [id, randomUUID()].map((one) => cyd.send(method, `/api/v1/notifications/subscriptions/${one}${path}`)),
    );
    assert.deepEqual(
      answers.map((answer) => [answer.status, answer.text]),
      Array(2).fill([404, answers[1]?.text]),
    );
  }
  assert.equal((await ben.send('DELETE', `/api/v1/notifications/subscriptions/${id}`)).status, 200);
});

test('Slack’s press needs its signature and nothing of a browser; what is not signed gets no answer', async () => {
  const config = { kind: 'slack', webhookUrl: `http://127.0.0.1:${push.port}/services/x`, signingSecret: SIGNING };
  const body = { name: 'slack', config, addEgress: true, reason };
  assert.equal((await ana.send('POST', '/api/v1/notifications', { body })).status, 201);
  const request = randomUUID();
  const form = new URLSearchParams({ payload: JSON.stringify({ actions: [{ value: request }] }) }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const post = (signature: string) =>
    fetch(`${running.url}/api/v1/notifications/slack/interactivity`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature,
      },
      body: form,
    });
  const good = await post(`v0=${createHmac('sha256', SIGNING).update(`v0:${timestamp}:${form}`).digest('hex')}`);
  assert.equal(good.status, 200);
  assert.match(await good.text(), new RegExp(`${running.url}/approvals/${request}`));
  const bad = await post(`v0=${'0'.repeat(64)}`);
  assert.equal(bad.status, 401);
  await bad.body?.cancel();
});
