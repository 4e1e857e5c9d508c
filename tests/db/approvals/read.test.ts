import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { approvalsPageSchema } from '#lib/contracts/approval-rows.ts';
import { approvalDetailSchema } from '#lib/contracts/approvals.ts';
import { argsHash, callDigest } from '#lib/core/calls/digest.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { listRequests } from '#lib/server/approvals/list-requests.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let held: HeldCalls;
let ben: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  ben = await addPerson(at, 'ben');
});
after(async () => {
  await held.close();
  await at.close();
});

test('the record holds everything the digest is made of, so that anyone can recompute it', async () => {
  const { id } = await held.hold({ args: { z: 'last', a: ['\u202e', 1] }, reason: 'please' });
  const record = approvalDetailSchema.parse(await readRequest(at.prisma, at.keys, ben, id));
  assert.equal(record.canonicalArgs, '{"a":["\u202e",1],"z":"last"}');
  assert.equal(record.digestInputs.argsHash, argsHash(record.canonicalArgs));
  assert.equal(record.digest, callDigest(record.digestInputs));
  assert.equal(record.agentReason, 'please');
  assert.equal(record.toolDescription, 'Runs a command');
  assert.deepEqual(record.mayVote, { allowed: true });
  assert.deepEqual(
    record.story.map((event) => event.type),
    ['request.opened'],
  );
});

test('the last approved arguments and the base rate of the same tool stand beside the new ones', async () => {
  const before = await held.hold({ args: { command: 'ls' } });
  await castVote(at, ben, { requestId: before.id, decision: 'approve', digest: before.digest });
  const { id } = await held.hold({ args: { command: 'rm -rf /' } });
  const record = await readRequest(at.prisma, at.keys, ben, id);
  assert.equal(record?.lastApproved?.canonicalArgs, '{"command":"ls"}');
  assert.equal(record?.baseRate.approved, 1);
});

test('pages follow one another without a gap or a repeat, whatever arrives between them', async () => {
  for (let i = 0; i < 5; i++) await held.hold();
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listRequests(at, ben, { status: 'pending', cursor, limit: 2 });
    assert.ok(page.ok);
    const { items, nextCursor } = approvalsPageSchema.parse(page.value);
    seen.push(...items.map((item) => item.id));
    cursor = nextCursor ?? undefined;
    if (seen.length < 6) await held.hold();
  } while (cursor !== undefined);
  assert.equal(new Set(seen).size, seen.length);
  const all = await at.prisma.approvalRequest.findMany({
    where: { status: 'pending' },
    orderBy: { requestedAt: 'asc' },
  });
  assert.deepEqual(
    seen,
    all.map((row) => row.id),
  );
});

test('a forged cursor with a time that the database has not is refused', async () => {
  for (const time of ['0000-01-01T00:00:00Z', '2026-01-01T24:00:00Z', '2026-02-30T00:00:00Z']) {
    const cursor = Buffer.from(JSON.stringify([time, '01900000-0000-7000-8000-000000000000'])).toString('base64url');
    const forged = await listRequests(at, ben, { status: 'pending', cursor, limit: 2 });
    assert.equal(forged.ok ? 'read' : forged.error.code, 'invalid-request', time);
  }
});

test('a forged cursor is refused, and mine are the requests of my own agents', async () => {
  const forged = await listRequests(at, ben, { status: 'pending', cursor: 'x', limit: 2 });
  assert.equal(forged.ok ? 'page' : forged.error.code, 'invalid-request');
  const bens = await listRequests(at, ben, { status: 'mine', limit: 50 });
  const anas = await listRequests(at, at.admin, { status: 'mine', limit: 50 });
  assert.ok(bens.ok && anas.ok);
  assert.equal(bens.value.items.length, 0);
  assert.ok(anas.value.items.length > 0 && anas.value.items.every((item) => item.mine));
});

test('a search goes through all of a list, page by page, also where a page finds nothing', async () => {
  const cleo = await addPerson(at, 'cleo');
  const old = [];
  for (let n = 0; n < 3; n++) old.push(await held.hold({ args: { command: `needle number ${n}` } }));
  for (const { id, digest } of old) await castVote(at, cleo, { requestId: id, decision: 'deny', digest });
  // As many newer ones as one question does not look through.
  const model = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: old[0]?.id ?? '' } });
  await at.prisma.$executeRaw`
    INSERT INTO approval_requests SELECT (r).* FROM (SELECT jsonb_populate_record(q, jsonb_build_object(
      'id', gen_random_uuid(), 'call_id', gen_random_uuid(), 'attach_key', n::text, 'args_bytes', 70000,
      'requested_at', q.requested_at + interval '1 hour' + n * interval '1 ms')) AS r
    FROM approval_requests q, generate_series(1, 4100) n WHERE q.id = ${model.id}::uuid) s`;

  const search = async (q: string, status: 'history' | 'mine' | 'pending' = 'history', limit = 2) => {
    const found: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRequests(at, at.admin, { status, q, cursor, limit });
      assert.ok(page.ok);
      found.push(...page.value.items.map((item) => item.id));
      sizes.push(page.value.items.length);
      cursor = page.value.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return { found, sizes };
  };
  const all = old.map(({ id }) => id).reverse();
  const whole = await search('needle denied');
  assert.deepEqual(whole.found, all);
  assert.deepEqual(whole.sizes, [0, 0, 2, 1], 'two questions found nothing and said where to go on');
  assert.deepEqual((await search('needle', 'mine', 50)).found, all, 'the agent is the admin’s own');
  assert.deepEqual((await search('needle', 'pending')).found, [], 'none of them waits');
  assert.deepEqual((await search('number 1 needle')).found, [old[1]?.id], 'every word must occur');
  for (const [q, count] of [
    ['tier:high agent:RUNNER server:ho class:shell needle', 3],
    ['agent:nobody needle', 0],
    ['rule:%', 0],
    ['tool:exec needle', 3],
    ['tool:needle', 0],
  ] as const) {
    assert.equal((await search(q, 'history', 50)).found.length, count, q);
  }
});
