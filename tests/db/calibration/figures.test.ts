import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { noteView } from '#lib/server/calibration/dwell.ts';
import { judgePlants } from '#lib/server/calibration/judge-plants.ts';
import { noteTold, readOwnCalibration } from '#lib/server/calibration/own-calibration.ts';
import { readCalibration } from '#lib/server/calibration/read-calibration.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { plantNow, switchPlantingOn } from '#tests/fixtures/plants.ts';

let at: Installation;
let held: HeldCalls;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  ben = await addPerson(at, 'ben');
  cleo = await addPerson(at, 'cleo');
});
after(async () => {
  await held?.close();
  await at?.close();
});

type Request = { readonly id: string; readonly digest: string };
const vote = async (who: HumanPrincipal, request: Request, decision: 'approve' | 'deny', manner?: 'veto') => {
  const cast = await castVote(at, who, { requestId: request.id, digest: request.digest, decision }, manner);
  assert.ok(cast.ok, cast.ok ? '' : cast.error.code);
};
/** Opens the request and lets so many seconds pass before the vote, on the database's clock. */
const lookAndVote = async (who: HumanPrincipal, seconds: number, decision: 'approve' | 'deny' = 'approve') => {
  const request = await held.hold();
  await noteView(at.prisma, who.id, request.id);
  await at.prisma.$executeRaw`
    UPDATE request_views SET first_at = first_at - make_interval(secs => ${seconds}) WHERE request_id = ${request.id}::uuid`;
  await vote(who, request, decision);
  return request;
};
const figuresOf = async (who: HumanPrincipal) => {
  const found = (await readCalibration(at.prisma)).people.find(({ personId }) => personId === who.id);
  assert.ok(found);
  return found;
};

test('time runs from first opened to voted, by the database, and a vote from the list has none', async () => {
  await lookAndVote(ben, 8);
  await lookAndVote(ben, 20, 'deny');
  await lookAndVote(ben, 3_600);
  await vote(ben, await held.hold(), 'approve');
  const figures = await figuresOf(ben);
  assert.deepEqual([figures.approved, figures.denied, figures.measured, figures.unopened], [3, 1, 3, 1]);
  assert.ok(Math.abs((figures.medianDwellS ?? 0) - 20) < 1, `${figures.medianDwellS}`);
  assert.equal(figures.approveRate.of, 4);
});

test('opening again does not begin anew, and whoever may not decide leaves no time', async () => {
  const request = await held.hold();
  await noteView(at.prisma, ben.id, request.id);
  const first = await at.prisma.requestView.findFirstOrThrow({ where: { requestId: request.id } });
  await noteView(at.prisma, ben.id, request.id);
  assert.deepEqual(await at.prisma.requestView.findMany({ where: { requestId: request.id } }), [first]);
  await vote(cleo, request, 'deny');
  await noteView(at.prisma, cleo.id, request.id);
  assert.equal(await at.prisma.requestView.count({ where: { requestId: request.id, personId: cleo.id } }), 0);
});

test('an approval that a colleague vetoes is overturned; the veto is not', async () => {
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 60 } });
  const request = await held.hold({ terms: { undoS: 60 } });
  await vote(ben, request, 'approve');
  await vote(cleo, request, 'deny', 'veto');
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 0 } });
  assert.equal((await figuresOf(ben)).overturned.hits, 1);
  assert.equal((await figuresOf(cleo)).overturned.hits, 0);
});

test('somebody who approves nearly everything nearly unread is told so, and security sees the same', async () => {
  const dora = await addPerson(at, 'dora');
  for (let i = 0; i < 19; i++) await lookAndVote(dora, 1);
  assert.equal((await figuresOf(dora)).nudge, false, 'nineteen say nothing yet');
  await lookAndVote(dora, 1);
  assert.equal((await figuresOf(dora)).nudge, true);
  assert.equal((await readOwnCalibration(at.prisma, dora)).figures?.nudge, true);
  await lookAndVote(dora, 1, 'deny');
  await lookAndVote(dora, 1, 'deny');
  assert.equal((await figuresOf(dora)).nudge, false, 'two of twenty-two denied');
});

test('a plant counts for its voters alone, apart from all else, and each is told once', async () => {
  await switchPlantingOn(at);
  const before = await figuresOf(ben);
  const plant = await plantNow(at);
  await noteView(at.prisma, ben.id, plant.requestId);
  await vote(ben, { id: plant.requestId, digest: plant.digest }, 'approve');
  await judgePlants(at.prisma, at.keys);
  const after = await figuresOf(ben);
  assert.deepEqual([after.approved, after.denied], [before.approved, before.denied]);
  assert.deepEqual([after.plants.hits, after.plants.of], [0, 1]);
  const own = await readOwnCalibration(at.prisma, ben);
  assert.equal(own.untold.length, 1);
  assert.equal(own.untold[0]?.caught, false);
  assert.ok((own.untold[0]?.why.length ?? 0) > 20);
  assert.deepEqual((await readOwnCalibration(at.prisma, cleo)).untold, []);
  await noteTold(at.prisma, cleo, [plant.plantId]);
  assert.equal((await readOwnCalibration(at.prisma, ben)).untold.length, 1, 'nobody takes it from another');
  await noteTold(at.prisma, ben, [plant.plantId]);
  assert.deepEqual((await readOwnCalibration(at.prisma, ben)).untold, []);
  const all = await readCalibration(at.prisma);
  assert.deepEqual([all.overall.hits, all.overall.of], [0, 1]);
  assert.equal(all.plants[0]?.votes[0]?.name, 'ben');
});
