import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { withdrawVote } from '#lib/server/approvals/withdraw-vote.ts';
import { noteView } from '#lib/server/calibration/dwell.ts';
import { judgePlants } from '#lib/server/calibration/judge-plants.ts';
import { withTx } from '#lib/server/db/tx.ts';
import { closeColumns, forgetColumns } from '#lib/server/overview/close-columns.ts';
import { readOverview } from '#lib/server/overview/read-overview.ts';
import { readStatistics } from '#lib/server/overview/read-statistics.ts';
import { rollUp } from '#lib/server/overview/roll-up.ts';
import { ageDenials } from '#tests/fixtures/age-denials.ts';
import { makeEvent, makeLogSigning, recordEvents, type SteppedLog, stepLog } from '#tests/fixtures/audit-log.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { plantNow, switchPlantingOn } from '#tests/fixtures/plants.ts';

let at: Installation;
let held: HeldCalls;
let log: SteppedLog;
let ben: HumanPrincipal;
const signing = makeLogSigning();
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  log = await stepLog(at.url);
  ben = await addPerson(at, 'ben');
});
after(async () => {
  await log?.close();
  await held?.close();
  await at?.close();
});

const count = async () => {
  await log.drainAndPublish(signing);
  while ((await rollUp(at.prisma)) > 0);
};
const lastColumn = async (reader = at.admin) => {
  const { flow, waits, ...rest } = await readStatistics(at.prisma, reader, '24h');
  const column = flow.at(-1);
  assert.ok(column);
  const decided = waits.reduce((sum, wait) => sum + wait.decided, 0);
  return { ...column, wait: waits.at(-1), decided, ...rest };
};
const decide = async (request: { readonly id: string; readonly digest: string }, decision: 'approve' | 'deny') => {
  const cast = await castVote(at, ben, { requestId: request.id, digest: request.digest, decision });
  assert.ok(cast.ok, cast.ok ? '' : cast.error.code);
};

test('every call counts once: run unasked, held or refused, and by its tier', async () => {
  await count();
  const before = await lastColumn();
  await recordEvents(at.prisma, [
    makeEvent({ type: 'call.intent', tier: 'low' }),
    makeEvent({ type: 'call.intent', tier: 'high', requestId: randomUUID() }),
    makeEvent({ type: 'call.refused', tier: 'medium', decision: 'deny' }),
    makeEvent({ type: 'request.opened', tier: 'high', requestId: randomUUID() }),
  ]);
  const { tier: _, ...untiered } = makeEvent({ type: 'call.refused' });
  await recordEvents(at.prisma, [untiered]);
  await count();
  const now = await lastColumn();
  assert.deepEqual(
    [now.calls.low - before.calls.low, now.calls.medium - before.calls.medium, now.calls.high - before.calls.high],
    [1, 1, 1],
  );
  assert.equal(now.calls.untiered - before.calls.untiered, 1);
  assert.deepEqual([now.held - before.held, now.refused - before.refused], [1, 2]);
  assert.equal(now.behind, 0);
});

test('two workers that count at once count nothing twice', async () => {
  await count();
  const before = await lastColumn();
  await recordEvents(
    at.prisma,
    Array.from({ length: 50 }, () => makeEvent({ tier: 'low' })),
  );
  await log.drainAndPublish(signing);
  await Promise.all([rollUp(at.prisma), rollUp(at.prisma), rollUp(at.prisma)]);
  assert.equal((await lastColumn()).calls.low - before.calls.low, 50);
});

test('waiting times, votes and tools come from what people decided, and minutes from when they opened it', async () => {
  const request = await held.hold();
  await noteView(at.prisma, ben.id, request.id);
  await at.prisma.$executeRaw`UPDATE request_views SET first_at = first_at - interval '2 minutes'`;
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = requested_at - interval '5 minutes' WHERE id = ${request.id}::uuid`;
  await decide(request, 'approve');
  await decide(await held.hold(), 'deny');
  const now = await lastColumn();
  assert.equal(now.wait?.decided, 2);
  assert.ok(Math.abs((now.wait?.p99S ?? 0) - 300) < 5, `${now.wait?.p99S}`);
  assert.deepEqual(now.tools, [{ server: 'host', tool: 'exec', approved: 1, denied: 1 }]);
  const [one] = now.reviewers;
  assert.deepEqual([one?.name, one?.approved, one?.denied], ['ben', 1, 1]);
  assert.ok(Math.abs((one?.minutes ?? 0) - 2) < 0.1);
  assert.deepEqual([now.minutes?.measured, now.minutes?.unopened], [1, 1]);
});

test('how long another person looked is for security and admins; one’s own is for oneself', async () => {
  const cleo = await addPerson(at, 'cleo');
  const [seen] = (await lastColumn(cleo)).reviewers;
  assert.equal(seen?.name, 'ben');
  assert.equal(seen?.minutes, null);
  assert.equal((await lastColumn(cleo)).minutes, null, 'nor as the sum less one’s own');
  assert.notEqual((await lastColumn(ben)).reviewers[0]?.minutes, null);
  assert.notEqual((await lastColumn(at.admin)).reviewers[0]?.minutes, null);
});

test('a plant counts while it could still be a call, and no more once it is judged', async () => {
  await switchPlantingOn(at);
  await count();
  const before = await lastColumn();
  await ageDenials(at.prisma);
  const { medianDecisionS } = (await readOverview(at.prisma)).last24h;
  const plant = await plantNow(at);
  await count();
  assert.equal((await lastColumn()).held - before.held, 1, 'the difference would give it away');
  await decide({ id: plant.requestId, digest: plant.digest }, 'deny');
  await judgePlants(at.prisma, at.keys);
  await count();
  const after = await lastColumn();
  assert.deepEqual(
    [after.held, after.denied, after.calls.high, after.decided, after.reviewers[0]?.denied],
    [before.held, before.denied, before.calls.high, before.decided, before.reviewers[0]?.denied],
  );
  assert.equal((await readOverview(at.prisma)).last24h.medianDecisionS, medianDecisionS);
});

test('a vote that is taken back after its column was closed counts no more', async () => {
  const quiet = await held.hold({ quorum: 2 });
  await decide(quiet, 'approve');
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = requested_at - interval '3 hours' WHERE id = ${quiet.id}::uuid`;
  await at.prisma
    .$executeRaw`UPDATE votes SET cast_at = cast_at - interval '3 hours' WHERE request_id = ${quiet.id}::uuid`;
  while ((await closeColumns(at.prisma)) > 0);
  const approvals = async () => (await lastColumn()).reviewers.find(({ name }) => name === 'ben')?.approved ?? 0;
  const before = await approvals();
  const back = await withdrawVote(at, ben, { requestId: quiet.id, digest: quiet.digest });
  assert.ok(back.ok, JSON.stringify(back));
  assert.equal(await approvals(), before - 1);
});

test('a column that closes while a vote in it is taken back waits for that', async () => {
  const slow = await held.hold({ quorum: 2 });
  await decide(slow, 'approve');
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = requested_at - interval '7 hours' WHERE id = ${slow.id}::uuid`;
  await at.prisma
    .$executeRaw`UPDATE votes SET cast_at = cast_at - interval '7 hours' WHERE request_id = ${slow.id}::uuid`;
  const approvals = async () => (await lastColumn()).reviewers.find(({ name }) => name === 'ben')?.approved ?? 0;
  await at.prisma.overviewColumn.deleteMany();
  const before = await approvals();
  let closing: Promise<number> = Promise.resolve(0);
  await withTx(at.prisma, async (tx) => {
    await tx.$executeRaw`UPDATE votes SET withdrawn_at = clock_timestamp() WHERE request_id = ${slow.id}::uuid`;
    await forgetColumns(tx, slow.id);
    let isOver = false;
    closing = (async () => {
      let closed = 0;
      for (let more = await closeColumns(at.prisma); more > 0; more = await closeColumns(at.prisma)) closed += more;
      return closed;
    })().finally(() => {
      isOver = true;
    });
    await eventually('it waits, or did not', async () => {
      const [waits] = await at.prisma.$queryRaw<{ n: number }[]>`
        SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'overview_columns'::regclass`;
      return isOver || (waits?.n ?? 0) > 0;
    });
  });
  assert.ok((await closing) > 0);
  assert.equal(await approvals(), before - 1);
});

test('the first page’s day comes from the same sums', async () => {
  const { last24h, setUp } = await readOverview(at.prisma);
  const now = await lastColumn();
  assert.equal(last24h.held, now.held);
  assert.equal(setUp.hasCall, true);
});

test('each range has all its columns', async () => {
  for (const [range, columns] of [
    ['24h', 24],
    ['7d', 28],
    ['30d', 30],
  ] as const) {
    // The hour may end between the two answers.
    const before = await lastColumn();
    const { flow, waits } = await readStatistics(at.prisma, at.admin, range);
    assert.deepEqual([flow.length, waits.length], [columns, columns]);
    assert.ok([before.held, (await lastColumn()).held].includes(flow.at(-1)?.held ?? -1));
  }
});

test('columns that are over are kept, say what they said before, and forget a plant that is judged later', async () => {
  const old = await held.hold();
  await decide(old, 'approve');
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = requested_at - interval '5 hours', decided_at = decided_at - interval '5 hours'
    WHERE id = ${old.id}::uuid`;
  await at.prisma
    .$executeRaw`UPDATE votes SET cast_at = cast_at - interval '5 hours' WHERE request_id = ${old.id}::uuid`;
  const { serverTime: _, ...live } = await readStatistics(at.prisma, at.admin, '24h');
  while ((await closeColumns(at.prisma)) > 0);
  assert.ok((await at.prisma.overviewColumn.count({ where: { bucketS: 3600 } })) >= 21);
  const { serverTime: __, ...kept } = await readStatistics(at.prisma, at.admin, '24h');
  assert.deepEqual(kept, live);
  await withTx(at.prisma, (tx) => forgetColumns(tx, old.id));
  const begins = Math.floor((Date.now() - 5 * 3_600_000) / 3_600_000) * 3_600_000;
  assert.equal(await at.prisma.overviewColumn.count({ where: { bucketS: 3600, at: { gte: new Date(begins) } } }), 0);
});
