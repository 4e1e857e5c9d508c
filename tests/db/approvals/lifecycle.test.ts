import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { type Consumed, consumeRequest } from '#lib/server/approvals/consume-request.ts';
import { expireRequests } from '#lib/server/approvals/expire-requests.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { voteOnMany } from '#lib/server/approvals/vote-on-many.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { PLAIN_TERMS } from '#tests/fixtures/hold-terms.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addReviewer, type Held, letVoteFor, sayOn } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let held: HeldCalls;
let pool: pg.Pool;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  pool = new pg.Pool({ connectionString: at.url, max: 2 });
  ben = await addReviewer(at, 'ben', 'ops');
  cleo = await addReviewer(at, 'cleo', 'ops');
});
after(async () => {
  await pool.end();
  await held.close();
  await at.close();
});

const statusOf = async ({ id }: Held) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;
const veto = async (who: HumanPrincipal, { id, digest }: Held) => {
  const result = await castVote(at, who, { requestId: id, digest, decision: 'deny' }, 'veto');
  return result.ok ? `${result.value.outcome} ${result.value.record.status}` : result.error.code;
};
const inForce = async () => (await at.prisma.policyVersion.aggregate({ _max: { version: true } }))._max.version ?? 0;
const consume = async ({ id, digest }: Held, terms = PLAIN_TERMS, by = pool): Promise<Consumed> => {
  const { epoch } = await at.prisma.killHead.findUniqueOrThrow({ where: { id: 1 } });
  const policyVersion = await inForce();
  const input = { requestId: id, digest, knownEpoch: epoch, bootId: randomUUIDv7(), tier: 'high' as const, rows: [] };
  return consumeRequest(by, { ...input, terms, policyVersion });
};
/** A policy in force by the operator's hand, whose author nobody is. */
const publish = (...rules: Rule[]) =>
  at.prisma.policyVersion.create({ data: { rules: JSON.parse(JSON.stringify(rules)), contentHash: 'x' } });
const rule = (name: string, decision: Rule['then'], more: Partial<Rule> = {}): Rule => ({
  name,
  when: { classes: ['shell'] },
  ...more,
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  then: decision,
});
const moveClock = (column: 'execute_after' | 'approved_until' | 'expires_at', { id }: Held, seconds: number) =>
  pool.query(`UPDATE approval_requests SET ${column} = clock_timestamp() + make_interval(secs => $2) WHERE id = $1`, [
    id,
    seconds,
  ]);

test('a veto in the undo window denies; nothing runs before the window is over, and then exactly once (T16)', async () => {
  const request = await held.hold({ terms: { undoS: 30 } });
  assert.equal(await sayOn(at, ben, request, 'approve'), 'decided approved');
  const waiting = await consume(request);
  assert.ok(waiting.kind === 'too-early' && waiting.inMs > 25_000 && waiting.inMs <= 30_000);
  const record = await readRequest(at.prisma, at.keys, ben, request.id);
  assert.ok(record?.executeAfter);
  assert.equal(await veto(cleo, request), 'decided denied');
  assert.equal(await veto(ben, request), 'already denied');
  await moveClock('execute_after', request, -1);
  assert.notEqual((await consume(request)).kind, 'consumed');
  const told = (await recordedEvents(at.prisma)).filter((event) => event.text.includes(request.id));
  assert.deepEqual(
    told.slice(-2).map((event) => event.type),
    ['vote.cast', 'request.vetoed'],
  );

  // Nobody vetoes: no process needs to be there while the window runs, the database's clock opens it.
  const left = await held.hold({ terms: { undoS: 30 } });
  await sayOn(at, ben, left, 'approve');
  await moveClock('execute_after', left, -0.001);
  const tries = await Promise.all([consume(left), consume(left), consume(left)]);
  assert.deepEqual(tries.map((one) => one.kind).sort(), ['consumed', 'taken', 'taken']);
});

test('a window that ends between the attempt and the question why is no reason to give the approval up', async () => {
  const request = await held.hold({ terms: { undoS: 30 } });
  await sayOn(at, ben, request, 'approve');
  let asked = 0;
  const slow = new pg.Pool({ connectionString: at.url, max: 1 });
  // The database's clock moves on between the two statements, as it may on any machine.
  slow.on('release', () => void asked++);
  const passing = new Proxy(slow, {
    get: (target, name) =>
      name !== 'query'
        ? Reflect.get(target, name)
        : async (...query: unknown[]) => {
            if (asked === 1) await moveClock('execute_after', request, -0.001);
            return Reflect.apply(target.query, target, query);
          },
  });
  const early = await consume(request, PLAIN_TERMS, passing);
  assert.deepEqual(early, { kind: 'too-early', inMs: 0 });
  await slow.end();
  assert.equal((await consume(request)).kind, 'consumed');
});

test('an undo window and a lifetime that became stricter since the approval hold at the use', async () => {
  const request = await held.hold();
  await sayOn(at, ben, request, 'approve');
  const early = await consume(request, { ...PLAIN_TERMS, undoS: 60 });
  assert.ok(early.kind === 'too-early' && early.inMs > 50_000 && early.inMs <= 60_000, JSON.stringify(early));
  const decided = (seconds: number) =>
    pool.query(
      'UPDATE approval_requests SET decided_at = clock_timestamp() - make_interval(secs => $2) WHERE id = $1',
      [request.id, seconds],
    );
  await decided(100);
  const late = await consume(request, { ...PLAIN_TERMS, approvedTtlS: 30 });
  assert.deepEqual([late.kind, late.kind === 'refused' && late.code], ['refused', 'approval-expired']);
  // The lifetime runs from the end of the window, so a window that grew moves it, never past what was promised.
  const between = await consume(request, { ...PLAIN_TERMS, undoS: 120, approvedTtlS: 30 });
  assert.equal(between.kind, 'too-early');
  assert.equal((await consume(request, { ...PLAIN_TERMS, undoS: 90, approvedTtlS: 30 })).kind, 'consumed');
});

test('an expiry that became shorter since the call was held ends the time for approving, not for denying', async () => {
  const request = await held.hold();
  await publish(rule('short', 'hold', { expiresInS: 60 }));
  await pool.query(
    `UPDATE approval_requests SET requested_at = requested_at - interval '2 minutes',
      expires_at = expires_at - interval '2 minutes' WHERE id = $1`,
    [request.id],
  );
  assert.equal(await sayOn(at, ben, request, 'approve'), 'approval-expired');
  assert.equal(await statusOf(request), 'pending');
  assert.equal(await sayOn(at, cleo, request, 'deny'), 'decided denied');
  await at.prisma.policyVersion.deleteMany();
});

test('only who may vote vetoes, and only what is approved', async () => {
  const request = await held.hold();
  assert.equal(await veto(ben, request), 'conflict');
  await sayOn(at, ben, request, 'approve');
  assert.equal(await veto(at.admin, request), 'self-approval');
  assert.equal(await veto(cleo, request), 'decided denied');
});

test('a call that replaces another supersedes it, and a vote on the old one decides nothing (T01)', async () => {
  const old = await held.hold({ args: { command: 'rm -rf build' } });
  const next = await held.hold({ args: { command: 'rm -rf dist' }, replaces: old.id });
  const record = await readRequest(at.prisma, at.keys, ben, old.id);
  assert.deepEqual([record?.status, record?.supersededBy], ['superseded', next.id]);
  assert.equal(await sayOn(at, ben, old, 'approve'), 'stale-digest');
  assert.equal(await sayOn(at, ben, next, 'approve'), 'decided approved');
  assert.notEqual((await consume(old)).kind, 'consumed');
  assert.equal((await consume(next)).kind, 'consumed');

  const approved = await held.hold();
  await sayOn(at, ben, approved, 'approve');
  await held.hold({ replaces: approved.id });
  assert.equal(await statusOf(approved), 'revoked');
  await assert.rejects(held.hold({ replaces: randomUUIDv7() }), /not-found/);
});

test('a policy that was tightened while people thought applies, a loosened one does not (T10)', async () => {
  const request = await held.hold();
  await publish(rule('two', 'hold', { quorum: 2 }));
  assert.equal(await sayOn(at, ben, request, 'approve'), 'counted pending');
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'decided approved');
  await publish(rule('two', 'hold', { from: ['sec'] }));
  const needs = { ...PLAIN_TERMS, factors: [{ groups: ['sec'], count: 1 }] };
  assert.notEqual((await consume(request, needs)).kind, 'consumed', 'stricter at the use as well');

  const denied = await held.hold();
  await publish(rule('never', 'deny', { if: 'args.command.startsWith("echo")' }));
  assert.equal(await sayOn(at, ben, denied, 'approve'), 'denied-by-policy');
  assert.equal(await sayOn(at, ben, denied, 'deny'), 'decided denied');

  const frozen = await held.hold({ quorum: 2 });
  await publish(rule('free', 'allow', { frees: true }));
  assert.equal(await sayOn(at, ben, frozen, 'approve'), 'counted pending', 'what was asked for two stays for two');
  await at.prisma.policyVersion.deleteMany();
});

test('who loosened the policy within a day does not approve what it made approvable, but may deny it', async () => {
  const before = await publish(rule('never', 'deny'));
  await pool.query(`UPDATE policy_versions SET published_at = published_at - interval '2 days'`);
  const looser = await publish();
  await pool.query('UPDATE policy_versions SET created_by = $1, base_version = $2 WHERE version = $3', [
    ben.id,
    before.version,
    looser.version,
  ]);
  const request = await held.hold();
  assert.equal(await sayOn(at, ben, request, 'approve'), 'self-approval');
  assert.equal((await readRequest(at.prisma, at.keys, ben, request.id))?.mayVote.allowed, false);
  const delegation = await letVoteFor(at, ben, cleo);
  assert.equal(await sayOn(at, cleo, request, 'approve', { forPersonId: ben.id }), 'self-approval');
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'decided approved');
  assert.equal(await sayOn(at, ben, await held.hold(), 'deny'), 'decided denied');
  await at.prisma.$executeRaw`UPDATE delegations SET revoked_at = clock_timestamp() WHERE id = ${delegation}::uuid`;
  await at.prisma.policyVersion.deleteMany();
});

test('a rule that asks for a passkey is not satisfied without one, by the raw call as little as in a batch (T15)', async () => {
  const request = await held.hold({ terms: { stepUp: 'passkey' } });
  assert.equal(await sayOn(at, ben, request, 'approve'), 'step-up-required');
  assert.equal(await sayOn(at, ben, request, 'approve', { assertion: { id: 'x' } }), 'step-up-failed');
  assert.equal(await sayOn(at, ben, request, 'approve', { breakGlass: true }), 'step-up-required');
  assert.equal(await at.prisma.vote.count({ where: { requestId: request.id } }), 0);
  assert.equal(await sayOn(at, ben, request, 'deny'), 'decided denied');
  const later = await held.hold();
  await publish(rule('proof', 'hold', { stepUp: 'passkey' }));
  assert.equal(await sayOn(at, ben, later, 'approve'), 'step-up-required', 'the policy of now asks as well');
  await at.prisma.policyVersion.deleteMany();
  // A vote that came without a passkey does not count where one is asked for at the use.
  assert.equal(await sayOn(at, ben, later, 'approve'), 'decided approved');
  assert.notEqual((await consume(later, { ...PLAIN_TERMS, stepUp: 'passkey' })).kind, 'consumed');
});

test('in a batch the item that changed fails alone, and what is not listed stays untouched (T17)', async () => {
  await at.prisma.tool.updateMany({ data: { tier: 'medium', taggedAt: new Date() } });
  await pool.query(`UPDATE approval_requests SET tier = 'medium'`);
  const items = await Promise.all([held.hold(), held.hold(), held.hold()]);
  const [first, changed, third] = items;
  const late = await held.hold();
  await pool.query(`UPDATE approval_requests SET tier = 'medium'`);
  assert.ok(first && changed && third);
  const listed = items.map(({ id, digest }) => ({ id, digest: id === changed.id ? 'f'.repeat(64) : digest }));
  const answer = await voteOnMany(at, ben, { decision: 'approve', items: listed });
  assert.ok(answer.ok);
  assert.deepEqual(
    answer.value.items.map((item) => [item.outcome, item.code]),
    [
      ['decided', null],
      ['refused', 'stale-digest'],
      ['decided', null],
    ],
  );
  assert.deepEqual(await Promise.all([changed, late].map(statusOf)), ['pending', 'pending']);
  await at.prisma.tool.updateMany({ data: { tier: 'high' } });
  const high = await voteOnMany(at, ben, { decision: 'approve', items: [late] });
  assert.deepEqual(high.ok && high.value.items[0]?.code, 'not-allowed', 'raised to high meanwhile');
  const many = Array.from({ length: 21 }, () => ({ id: randomUUIDv7(), digest: late.digest }));
  const tooMany = await voteOnMany(at, ben, { decision: 'approve', items: many });
  assert.equal(tooMany.ok ? 'taken' : tooMany.error.code, 'invalid-request');
  const denied = await voteOnMany(at, ben, { decision: 'deny', items: [late, ...many] });
  assert.ok(denied.ok);
  assert.deepEqual([denied.value.items[0]?.outcome, denied.value.items[1]?.code], ['decided', 'not-found']);
});

test('the database’s clock decides at the edge, whatever this process believes, and expired is final (T12, T13)', async () => {
  for (const seconds of [-0.001, 0.4]) {
    const request = await held.hold();
    await moveClock('expires_at', request, seconds);
    assert.equal(await sayOn(at, ben, request, 'approve'), seconds < 0 ? 'approval-expired' : 'decided approved');
  }
  const unused = await held.hold();
  await sayOn(at, ben, unused, 'approve');
  await moveClock('approved_until', unused, -0.001);
  const late = await consume(unused);
  assert.deepEqual([late.kind, 'code' in late && late.code], ['refused', 'approval-expired']);
  await expireRequests(at.prisma, at.keys);
  assert.equal(await statusOf(unused), 'expired_unused');
  await moveClock('approved_until', unused, 900);
  assert.notEqual((await consume(unused)).kind, 'consumed');
  assert.equal(await sayOn(at, cleo, unused, 'approve'), 'approval-expired');
});
