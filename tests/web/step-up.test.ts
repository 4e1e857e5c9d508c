// Passkeys over the real routes, with an authenticator made in code: the raw API gives away nothing that the pages do not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type Authenticator, type Mischief, makeAuthenticator } from '#tests/fakes/authenticator.ts';
import { type RunningConsole, startConsole, type Visitor, visit } from '#tests/fixtures/console.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, PASSWORD } from '#tests/fixtures/people.ts';

type Held = { readonly id: string; readonly digest: string };
const PASSKEY: Partial<HoldTerms> = { stepUp: 'passkey' };
const optionsSchema = z.object({ options: z.record(z.string(), z.unknown()) });

let at: Installation;
let held: HeldCalls;
let running: RunningConsole;
let ben: Visitor;
let cleo: Visitor;
let benId: string;
let benKey: Authenticator;
let cleoKey: Authenticator;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  running = await startConsole(at);
  benId = (await addPerson(at, 'ben', ['reviewer', 'security'])).id;
  await addPerson(at, 'cleo', ['reviewer', 'security']);
  ben = visit(running);
  cleo = visit(running);
  await ben.signIn('ben@example.com');
  await cleo.signIn('cleo@example.com');
  benKey = await enrol(ben);
  cleoKey = await enrol(cleo);
});
after(async () => {
  await running.stop();
  await held.close();
  await at.close();
});

const newKey = (counts = true) => makeAuthenticator({ origin: running.url, counts });

async function optionsOf(visitor: Visitor, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await visitor.send('POST', path, { body });
  assert.equal(answer.status, 200, answer.text);
  return optionsSchema.parse(JSON.parse(answer.text)).options;
}
async function enrol(visitor: Visitor, key = newKey()): Promise<Authenticator> {
  const options = await optionsOf(visitor, '/api/v1/me/passkeys/options', { password: PASSWORD });
  const body = { name: 'Laptop', response: key.create(options) };
  const answer = await visitor.send('POST', '/api/v1/me/passkeys', { body });
  assert.equal(answer.status, 201, answer.text);
  return key;
}
const challenge = (visitor: Visitor, request: Held, decision: 'approve' | 'deny' = 'approve', more: object = {}) =>
  optionsOf(visitor, `/api/v1/approvals/${request.id}/challenge`, { decision, digest: request.digest, ...more });
async function vote(visitor: Visitor, request: Held, more: Readonly<Record<string, unknown>> = {}) {
  const body = { decision: 'approve', digest: request.digest, ...more };
  const answer = await visitor.send('POST', `/api/v1/approvals/${request.id}/votes`, { body });
  return `${answer.status} ${answer.code}`.trim();
}
const votesOf = (request: Held) => at.prisma.vote.findMany({ where: { requestId: request.id } });
const statusOf = async ({ id }: Held) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;
const refusalsOf = async ({ id }: Held) =>
  (await recordedEvents(at.prisma)).filter(({ type, text }) => type === 'vote.refused' && text.includes(id)).length;

test('a passkey is enrolled, listed and removed over the API, with the password', async () => {
  const key = newKey();
  const wrong = await cleo.send('POST', '/api/v1/me/passkeys/options', { body: { password: 'not the password' } });
  assert.deepEqual([wrong.status, wrong.code], [403, 'step-up-required']);
  await enrol(cleo, key);
  const list = await cleo.send('GET', '/api/v1/me/passkeys');
  const { items } = z.object({ items: z.array(z.object({ id: z.uuid() })) }).parse(JSON.parse(list.text));
  assert.equal(items.length, 2);
  const id = items.at(-1)?.id ?? '';
  assert.equal((await ben.send('DELETE', `/api/v1/me/passkeys/${id}`)).status, 404);
  assert.equal((await cleo.send('DELETE', `/api/v1/me/passkeys/${id}`)).status, 200);
});

test('a passkey signs in beside the password, with a new session; another page, no verification and a second use do not', async () => {
  const signIn = async (mischief: Mischief, twice = false) => {
    const visitor = visit(running);
    const csrf = z
      .object({ csrfToken: z.string() })
      .parse(JSON.parse((await visitor.send('GET', '/api/auth/csrf')).text));
    const options = await optionsOf(visitor, '/api/v1/sign-in/passkey/options', {});
    const body = { assertion: JSON.stringify(benKey.get(options, mischief)), csrfToken: csrf.csrfToken, json: 'true' };
    const first = await visitor.send('POST', '/api/auth/callback/passkey', { body });
    const answer = twice ? await visitor.send('POST', '/api/auth/callback/passkey', { body }) : first;
    return { status: answer.status, me: await visitor.send('GET', '/api/v1/me') };
  };
  const good = await signIn({});
  assert.equal(good.status, 200);
  assert.match(good.me.text, /"email":"ben@example.com"/);
  for (const mischief of [{ origin: 'https://evil.example' }, { unverified: true }, { forged: true }]) {
    const bad = await signIn(mischief);
    assert.deepEqual([bad.status, bad.me.status], [401, 401], JSON.stringify(mischief));
  }
  assert.equal((await signIn({}, true)).status, 401);
});

test('where the rule asks for a passkey, a vote without one is refused over the raw API and on record (T15)', async () => {
  const request = await held.hold({ terms: PASSKEY });
  assert.equal(await vote(ben, request), '403 step-up-required');
  assert.equal(await vote(ben, request, { assertion: null }), '403 step-up-required');
  assert.deepEqual(await votesOf(request), []);
  assert.equal(await refusalsOf(request), 2);
  assert.equal(await statusOf(request), 'pending');
});

test('with one it counts, and the assertion is kept with the vote and committed to in the log', async () => {
  const request = await held.hold({ terms: PASSKEY });
  const assertion = benKey.get(await challenge(ben, request));
  assert.equal(await vote(ben, request, { assertion }), '200');
  assert.equal(await statusOf(request), 'approved');
  const [row] = await votesOf(request);
  assert.equal(row?.stepUp, true);
  assert.match(JSON.stringify(row.assertion), new RegExp(benKey.credentialId));
  const event = (await recordedEvents(at.prisma)).find(
    ({ type, text }) => type === 'vote.cast' && text.includes(request.id),
  );
  assert.match(event?.text ?? '', /"reason_commit":"[0-9a-f]{64}"/);
  assert.doesNotMatch(event?.text ?? '', new RegExp(benKey.credentialId));
});

test('wrong challenge, other origin, no verification, forged, old counter, other passkey: 401, no vote, on record (T14)', async () => {
  const request = await held.hold({ terms: PASSKEY });
  const other = await held.hold({ terms: PASSKEY });
  const mischiefs: readonly Mischief[] = [
    { challenge: 'AAAA' },
    { origin: 'https://evil.example' },
    { rpId: 'evil.example' },
    { unverified: true },
    { forged: true },
    { counter: 1 },
  ];
  const assertions = [
    ...(await Promise.all(mischiefs.map(async (mischief) => benKey.get(await challenge(ben, request), mischief)))),
    cleoKey.get(await challenge(ben, request)),
    benKey.get(await challenge(cleo, request)),
    benKey.get(await challenge(ben, other)),
    benKey.get(await challenge(ben, request, 'deny')),
    'nonsense',
  ];
  for (const [at, assertion] of assertions.entries()) {
    assert.equal(await vote(ben, request, { assertion }), '401 step-up-failed', `assertion ${at}`);
  }
  assert.deepEqual(await votesOf(request), []);
  assert.equal(await refusalsOf(request), assertions.length);
  assert.equal(await statusOf(request), 'pending');
});

test('a refused assertion has burned its nonce, and a used one counts for nothing again (T14)', async () => {
  const request = await held.hold({ terms: { ...PASSKEY, quorum: 2 } });
  const options = await challenge(ben, request);
  assert.equal(
    await vote(ben, request, { assertion: benKey.get(options, { unverified: true }) }),
    '401 step-up-failed',
  );
  assert.equal(await vote(ben, request, { assertion: benKey.get(options) }), '401 step-up-failed');
  const plain = await enrol(ben, newKey(false));
  const assertion = plain.get(await challenge(ben, request));
  assert.equal(await vote(ben, request, { assertion }), '200');
  assert.equal(await vote(ben, request, { assertion }), '401 step-up-failed');
});

test('a challenge is given only for the digest on record, and only to reviewers', async () => {
  const request = await held.hold({ terms: PASSKEY });
  const path = `/api/v1/approvals/${request.id}/challenge`;
  const stale = await ben.send('POST', path, { body: { decision: 'approve', digest: 'f'.repeat(64) } });
  assert.deepEqual([stale.status, stale.code], [409, 'stale-digest']);
  const dora = visit(running);
  await addPerson(at, 'dora', ['security']);
  await dora.signIn('dora@example.com');
  const refused = await dora.send('POST', path, { body: { decision: 'approve', digest: request.digest } });
  assert.deepEqual([refused.status, refused.code], [403, 'not-allowed']);
});

async function breakGlass(): Promise<void> {
  const terms = { reason: 'Nobody else is awake', ticket: 'INC-42', minutes: 15 };
  const assertion = benKey.get(await optionsOf(ben, '/api/v1/break-glass/challenge', terms));
  const answer = await ben.send('POST', '/api/v1/break-glass', { body: { ...terms, assertion } });
  assert.equal(answer.status, 201, answer.text);
}
const ALONE = { breakGlass: true };
const alone = async (request: Held) =>
  vote(ben, request, { ...ALONE, assertion: benKey.get(await challenge(ben, request, 'approve', ALONE)) });

test('in an emergency one vote with a passkey fills any quorum, and everybody sees that it is open', async () => {
  const request = await held.hold({ quorum: 3 });
  assert.notEqual(await alone(request), '200', 'without an open emergency');
  assert.equal((await ben.send('POST', '/api/v1/break-glass/challenge', { body: {} })).status, 422);
  const terms = { reason: 'Because', ticket: 'X', minutes: 16 };
  assert.equal((await ben.send('POST', '/api/v1/break-glass/challenge', { body: terms })).status, 422);
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: true, breakGlassGroup: 'on-call' } });
  await changePerson(at, at.admin, benId, { groups: ['on-call'] });
  await breakGlass();
  assert.match((await cleo.send('GET', '/api/v1/break-glass')).text, /"active":true/);
  assert.equal(await vote(ben, request, { breakGlass: true }), '403 step-up-required');
  assert.equal(await alone(request), '200');
  assert.equal(await statusOf(request), 'approved');
  const [row] = await votesOf(request);
  assert.deepEqual([row?.stepUp, row?.breakGlassId === null], [true, false]);
  const other = await held.hold({ quorum: 3 });
  const cleosVote = { ...ALONE, assertion: cleoKey.get(await challenge(cleo, other, 'approve', ALONE)) };
  assert.equal(await vote(cleo, other, cleosVote), '403 not-allowed', 'it is the opener’s alone');
});

test('an emergency beats neither a denial nor the kill switch', async () => {
  const denied = await held.hold({ quorum: 3 });
  assert.equal(await vote(cleo, denied, { decision: 'deny' }), '200');
  assert.equal(await alone(denied), '409 already-decided');
  assert.equal(await statusOf(denied), 'denied');
  const killed = await held.hold({ quorum: 3 });
  const approved = await held.hold({ quorum: 3 });
  assert.equal(await alone(approved), '200');
  assert.ok((await kill(at, at.admin, { scope: 'server:host', reason: 'stop everything here' })).ok);
  assert.match(await alone(killed), / killed$/);
  assert.equal(await statusOf(killed), 'killed');
  assert.equal(await statusOf(approved), 'killed', 'what was approved alone dies as well');
});
