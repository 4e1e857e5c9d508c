import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { expireRequests } from '#lib/server/approvals/expire-requests.ts';
import { extendRequest } from '#lib/server/approvals/extend-request.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let held: HeldCalls;
let ben: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  ben = await addPerson(at, 'ben');
  await addPerson(at, 'cleo');
});
after(async () => {
  await held.close();
  await at.close();
});

type Held = { readonly id: string; readonly digest: string };
const extend = async (who: HumanPrincipal, { id, digest }: Held) => {
  const result = await extendRequest(at, who, { requestId: id, digest });
  return result.ok ? 'extended' : `${result.error.code}: ${result.error.detail ?? ''}`;
};
const row = ({ id }: Held) => at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } });
const TIMED = JSON.parse('{ "name": "timed", "when": {}, "then": "hold" }');
const underRule = async (request: Held, rule: object) => {
  const { version } = await at.prisma.policyVersion.create({
    data: { rules: [{ ...TIMED, ...rule }], contentHash: 'x' },
  });
  await at.prisma.approvalRequest.update({
    where: { id: request.id },
    data: { matched: ['timed'], policyVersion: version },
  });
};

test('a waiting request gets as much time again, once, and the log says by whom', async () => {
  const request = await held.hold();
  const before = await row(request);
  assert.equal((await readRequest(at.prisma, at.keys, ben, request.id))?.terms.extendBar, null);
  assert.equal(await extend(ben, request), 'extended');
  const after = await row(request);
  const span = before.expiresAt.getTime() - before.requestedAt.getTime();
  assert.equal(after.expiresAt.getTime(), before.expiresAt.getTime() + span);
  assert.ok(after.version > before.version, 'open pages hear of it');
  assert.match(await extend(ben, request), /^not-allowed: It was given more time already/);
  const events = (await recordedEvents(at.prisma)).filter((event) => event.type === 'request.extended');
  assert.equal(events.length, 1);
  assert.match(JSON.stringify(events[0]), /ben/);
});

test('what was given more time can be approved in it; what was not cannot be after its own', async () => {
  const late = (request: Held, spans: number) => at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = clock_timestamp() - (expires_at - requested_at) * 0.6,
      expires_at = clock_timestamp() + (expires_at - requested_at) * ${spans}::float WHERE id = ${request.id}::uuid`;
  const [given, plain] = [await held.hold(), await held.hold()];
  assert.equal(await extend(ben, given), 'extended');
  // Three fifths of the doubled time are over: more than the whole of what it had at first.
  await late(given, 0.4);
  const approved = await castVote(at, ben, { requestId: given.id, digest: given.digest, decision: 'approve' });
  assert.equal(approved.ok ? 'approved' : approved.error.detail, 'approved');
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = requested_at - (expires_at - requested_at) WHERE id = ${plain.id}::uuid`;
  const refused = await castVote(at, ben, { requestId: plain.id, digest: plain.digest, decision: 'approve' });
  assert.equal(refused.ok ? 'approved' : refused.error.code, 'approval-expired');
});

test('a time that a rule names is not lengthened, nor one that it names since', async () => {
  const timed = await held.hold();
  await underRule(timed, { expiresInS: 300 });
  assert.match(await extend(ben, timed), /^not-allowed: The rule timed says how long it may wait/);
  const since = await held.hold();
  await underRule(since, {});
  assert.equal((await readRequest(at.prisma, at.keys, ben, since.id))?.terms.extendBar, null);
  await at.prisma.policyVersion.create({
    data: { rules: [{ ...TIMED, expiresInS: 60 }], contentHash: 'x' },
  });
  assert.match(await extend(ben, since), /^not-allowed/);
});

test('only who may decide it gives more time, on the digest that was on the screen', async () => {
  const request = await held.hold();
  assert.match(await extend(at.admin, request), /^self-approval/);
  assert.match(await extend(ben, { ...request, digest: '0'.repeat(64) }), /^stale-digest/);
});

test('what is decided or past its time stays so', async () => {
  const denied = await held.hold();
  await castVote(at, ben, { requestId: denied.id, digest: denied.digest, decision: 'deny' });
  assert.match(await extend(ben, denied), /^already-decided/);
  const late = await held.hold();
  await at.prisma.approvalRequest.update({ where: { id: late.id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
  assert.match(await extend(ben, late), /^already-decided/);
  await expireRequests(at.prisma, at.keys);
  assert.equal((await row(late)).status, 'expired');
});
