// To Slack: plain text only, and an interactivity endpoint that answers with a link and never decides.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { answerSlack } from '#lib/server/notifications/slack-interactivity.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { makeEvent, recordEvents } from '#tests/fixtures/audit-log.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel, type Notified, openNotified } from '#tests/fixtures/notifications.ts';
import { CONSOLE_URL } from '#tests/fixtures/people.ts';

const SIGNING = '8f742231b10e8888abcd99yyyzzz85a5';
let at: Installation;
let calls: HeldCalls;
let wire: Tripwire;
let notified: Notified;

before(async () => {
  at = await openInstallation();
  calls = await holdCalls(at);
  wire = await startTripwire();
  notified = await openNotified(at);
  const webhookUrl = `http://127.0.0.1:${wire.port}/services/T0/B0/token`;
  await addChannel(at, { kind: 'slack', webhookUrl, signingSecret: SIGNING });
});
after(async () => {
  await notified?.close();
  await wire?.close();
  await calls?.close();
  await at?.close();
});

test('a message is blocks of plain text with a button that opens the request', async () => {
  const { id } = await calls.hold();
  await notified.tell();
  await notified.send();
  const body: unknown = JSON.parse(wire.requests[0]?.body ?? '{}');
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
  assert.deepEqual(body, {
    text: 'Countersign',
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'section', text: plain('High: shell on host waits for a decision') },
      { type: 'context', elements: [plain('Tier: high   Action class: shell   Server: host')] },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: 'open',
            text: plain('Open in Countersign'),
            url: `${CONSOLE_URL}/approvals/${id}`,
            value: id,
          },
        ],
      },
    ],
  });
});

test('a server’s name mentions nobody, links nowhere and is not formatted', async () => {
  wire.reset();
  const server = '<!channel> *b* <https://evil.example|ok> &amp; evil.example';
  await recordEvents(at.prisma, [makeEvent({ type: 'tool.drifted', server })]);
  await notified.tell();
  await notified.send();
  const { body } = wire.requests[0] ?? { body: '' };
  assert.match(body, /U\+003C/);
  assert.doesNotMatch(body, /mrkdwn|<|evil\.example|\*b\*/);
});

function signed(body: string, options: { secret?: string; ageS?: number } = {}) {
  const timestamp = String(Math.floor(Date.now() / 1000) - (options.ageS ?? 0));
  const mac = createHmac('sha256', options.secret ?? SIGNING)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  return { body, timestamp, signature: `v0=${mac}` };
}
const pressed = (value: unknown) =>
  new URLSearchParams({
    payload: JSON.stringify({ type: 'block_actions', actions: [{ action_id: 'open', value }] }),
  }).toString();
const answer = (request: Parameters<typeof answerSlack>[1]) => answerSlack({ ...at, consoleUrl: CONSOLE_URL }, request);

test('a signed press is answered with the link, and decides nothing', async () => {
  const { id } = await calls.hold();
  const answered = await answer(signed(pressed(id)));
  assert.equal(answered?.text, `Decide in the console: ${CONSOLE_URL}/approvals/${id}`);
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id }, include: { votes: true } });
  assert.deepEqual([row.status, row.version, row.votes.length], ['pending', 1, 0]);
});

test('whatever else is pressed leads to the list, and no text of the sender comes back', async () => {
  for (const value of ['../../evil', 'https://evil.example', 7, undefined]) {
    assert.equal((await answer(signed(pressed(value))))?.text, `Decide in the console: ${CONSOLE_URL}/approvals`);
  }
  assert.equal((await answer(signed('payload=%7B')))?.text, `Decide in the console: ${CONSOLE_URL}/approvals`);
});

test('another secret, another body, an old or missing time and no signature are answered nothing', async () => {
  const good = signed(pressed(randomUUID()));
  assert.ok(await answer(good));
  for (const bad of [
    signed(good.body, { secret: 'a'.repeat(32) }),
    { ...good, body: `${good.body}&x=1` },
    signed(good.body, { ageS: 301 }),
    signed(good.body, { ageS: -301 }),
    { ...good, timestamp: null },
    { ...good, timestamp: '' },
    { ...good, signature: null },
    { ...good, signature: good.signature.replace('v0=', 'v1=') },
    { ...good, signature: good.signature.slice(0, -1) },
  ]) {
    assert.equal(await answer(bad), null, JSON.stringify(bad));
  }
  await at.prisma.notificationChannel.updateMany({ data: { enabled: false } });
  assert.equal(await answer(good), null, 'a channel that is off vouches for nobody');
});
