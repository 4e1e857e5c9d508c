// What a page asks when hints named requests: just these, whatever became of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { approvalsPageSchema, MOST_IDS } from '#lib/contracts/approval-rows.ts';
import { approvalsQuerySchema } from '#lib/contracts/approvals.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { listRequests } from '#lib/server/approvals/list-requests.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

const UNKNOWN = '01900000-0000-7000-8000-000000000000';
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

test('the named requests come in whatever state they are, and no others', async () => {
  const [waits, decided] = [await held.hold(), await held.hold()];
  await held.hold();
  await castVote(at, ben, { requestId: decided.id, decision: 'deny', digest: decided.digest });
  const query = approvalsQuerySchema.parse({ ids: [waits.id, decided.id, UNKNOWN].join(',') });
  const answer = await listRequests(at, ben, query);
  assert.ok(answer.ok);
  const page = approvalsPageSchema.parse(answer.value);
  assert.deepEqual(
    new Map(page.items.map(({ id, status }) => [id, status])),
    new Map([
      [waits.id, 'pending'],
      [decided.id, 'denied'],
    ]),
  );
  assert.equal(page.nextCursor, null);
});

test('a request that changes has a higher version each time, so that a late answer is known for late', async () => {
  const { id, digest } = await held.hold({ quorum: 2 });
  const versions: number[] = [];
  for (const reviewer of [ben, await addPerson(at, 'cleo')]) {
    const answer = await listRequests(at, ben, { status: 'pending', ids: id, limit: 1 });
    if (answer.ok) versions.push(...answer.value.items.map(({ version }) => version));
    await castVote(at, reviewer, { requestId: id, decision: 'approve', digest });
  }
  const last = await listRequests(at, ben, { status: 'pending', ids: id, limit: 1 });
  if (last.ok) versions.push(...last.value.items.map(({ version }) => version));
  assert.equal(versions.length, 3);
  assert.deepEqual(
    versions,
    [...new Set(versions)].sort((a, b) => a - b),
  );
});

test('what is no list of ids, or too long a one, is refused before the database sees it', () => {
  const many = Array.from({ length: MOST_IDS + 1 }, () => UNKNOWN).join(',');
  for (const ids of ['', 'x', `${UNKNOWN},`, `${UNKNOWN} OR true`, many]) {
    assert.equal(approvalsQuerySchema.safeParse({ ids }).success, false, ids.slice(0, 60));
  }
  assert.equal(approvalsQuerySchema.safeParse({ ids: UNKNOWN }).success, true);
});
