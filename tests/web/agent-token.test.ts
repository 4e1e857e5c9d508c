// An agent's token at every door that is for people: approving API, socket, chat callback, links (A08, C02).
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { io } from 'socket.io-client';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { revokeToken } from '#lib/server/agents/revoke-token.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { type RunningConsole, startConsole, visit } from '#tests/fixtures/console.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { fetchToken } from '#tests/fixtures/oauth-client.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let held: HeldCalls;
let running: RunningConsole;
let staticToken = { id: '', token: '' };
let signedToken = '';
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  running = await startConsole(at);
  const issued = await issueToken(at, at.admin, 'runner', { audience: '/api/v1/calls', ttlS: 3600 });
  assert.ok(issued.ok);
  staticToken = issued.value;
  signedToken = await fetchToken(at, await makeAgent(at, { name: 'signer' }), '/api/v1/calls');
});
after(async () => {
  await running?.stop();
  await held?.close();
  await at?.close();
});
beforeEach(() => at.prisma.$executeRaw`DELETE FROM attempt_windows`);

const misuses = async () =>
  (await recordedEvents(at.prisma)).filter(({ type }) => type === 'agent.token-misused').map(({ text }) => text);
const told = (before: number, pattern: RegExp) =>
  eventually(`an entry like ${pattern}`, async () =>
    (await misuses()).slice(before).some((text) => pattern.test(text)),
  );
const shown = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('it decides nothing over the approval API, and the log says whose it was (A08)', async () => {
  const { id, digest } = await held.hold();
  for (const [token, agent] of [
    [staticToken.token, 'runner'],
    [signedToken, 'signer'],
  ] as const) {
    const before = (await misuses()).length;
    for (const [method, path, body] of [
      ['POST', `/api/v1/approvals/${id}/votes`, { decision: 'approve', digest }],
      ['POST', `/api/v1/approvals/${id}/extend`, { digest }],
      ['POST', '/api/v1/approvals/batch', { decision: 'approve', items: [{ id, digest }] }],
      ['GET', `/api/v1/approvals/${id}`, undefined],
      ['GET', `/api/v1/approvals/${id}/context`, undefined],
    ] as const) {
      const answer = await visit(running).send(method, path, {
        ...shown(token),
        ...(body === undefined ? {} : { body }),
      });
      assert.deepEqual([answer.status, answer.code], [401, 'not-signed-in'], `${method} ${path}`);
    }
    await told(before, /"place":"console".*/);
    const said = (await misuses()).slice(before);
    assert.equal(said.length, 1, 'once a minute, however often it is tried');
    assert.match(said[0] ?? '', new RegExp(`"name":"${agent}"`));
    assert.ok(!said.join().includes(token));
  }
  const request = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id }, include: { votes: true } });
  assert.deepEqual([request.status, request.votes.length], ['pending', 0]);
});

test('beside the cookie of somebody signed in it still decides nothing: the cookie counts for nothing then', async () => {
  const { id, digest } = await held.hold();
  await addPerson(at, 'ben');
  const ben = visit(running);
  assert.equal((await ben.signIn('ben@example.com')).status, 200);
  const body = { decision: 'approve', digest };
  const refused = await ben.send('POST', `/api/v1/approvals/${id}/votes`, { body, ...shown(staticToken.token) });
  assert.equal(refused.status, 401);
  const without = await ben.send('POST', `/api/v1/approvals/${id}/votes`, { body });
  assert.equal(without.status, 200, 'the same by himself, so that the refusal was for the token');
});

test('it opens no socket, and the log says so (A08)', async () => {
  const before = (await misuses()).length;
  const outcome = Promise.withResolvers<string>();
  const socket = io(`${running.url}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { origin: running.url, authorization: `Bearer ${staticToken.token}` },
  });
  socket.once('connect', () => outcome.resolve('connected'));
  socket.once('connect_error', (error) => outcome.resolve(error.message));
  assert.equal(await outcome.promise, 'not-signed-in');
  socket.close();
  await told(before, /"place":"live"/);
});

test('it is no signature of the chat’s and no link to an account (A08)', async () => {
  const before = (await misuses()).length;
  const slack = await visit(running).send('POST', '/api/v1/notifications/slack/interactivity', {
    body: { type: 'block_actions' },
    ...shown(staticToken.token),
  });
  assert.equal(slack.status, 401);
  await told(before, /"place":"callback"/);
  const link = await visit(running).send('POST', '/api/v1/links', { body: { token: staticToken.token } });
  assert.ok(link.status >= 400 && link.status < 500, `${link.status}`);
});

test('one that was revoked is told of as well; what is no token of ours is not', async () => {
  assert.ok((await revokeToken(at, at.admin, 'runner', staticToken.id)).ok);
  const before = (await misuses()).length;
  for (const made of [`cs_${'a'.repeat(43)}`, 'a.b.c', `${signedToken.slice(0, -4)}AAAA`, 'Bearer']) {
    assert.equal((await visit(running).send('GET', '/api/v1/approvals', shown(made))).status, 401);
  }
  assert.equal((await misuses()).length, before);
  assert.equal((await visit(running).send('GET', '/api/v1/approvals', shown(staticToken.token))).status, 401);
  await told(before, /"place":"console"/);
});
