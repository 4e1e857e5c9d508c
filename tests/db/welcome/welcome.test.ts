// The first hour, as the rows and the log tell it: each step with what proves it, and nothing ticked before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { welcomeSchema } from '#lib/contracts/welcome.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { dismissWelcome, readWelcome } from '#lib/server/welcome/read-welcome.ts';
import { stepLog } from '#tests/fixtures/audit-log.ts';
import { holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, OPERATOR } from '#tests/fixtures/people.ts';
import { inForce, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
const read = async () => welcomeSchema.parse(await readWelcome(at.prisma, at.admin));
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

test('in an empty installation nothing is done', async () => {
  const { serverTime: _, people, ...rest } = await read();
  assert.deepEqual(rest, {
    dismissed: false,
    server: null,
    agent: null,
    firstCall: null,
    firstVote: null,
    policy: null,
    passkey: null,
    drill: null,
  });
  assert.deepEqual(people, { reviewers: 1, invited: 0 });
});

test('every step is ticked by what happened, and names it', async () => {
  const log = await stepLog(at.url);
  const held = await holdCalls(at);
  const registered = await read();
  assert.deepEqual([registered.server?.name, registered.server?.accepted, registered.server?.waiting], ['host', 1, 0]);
  assert.deepEqual(
    [registered.agent?.name, registered.agent?.servers, registered.agent?.lastSeenAt],
    ['runner', 1, null],
  );
  assert.equal(registered.firstCall, null, 'an agent that has not called is not connected');

  const request = await held.hold();
  while ((await log.reign.sequence(1000)) > 0);
  const { firstCall } = await read();
  assert.deepEqual(
    [firstCall?.agent, firstCall?.server, firstCall?.tool, firstCall?.fate],
    ['runner', 'host', 'exec', 'waited'],
  );
  assert.ok(
    (
      await castVote(at, at.admin, {
        requestId: request.id,
        decision: 'deny',
        digest: request.digest,
      })
    ).ok,
  );
  const { firstVote } = await read();
  assert.deepEqual([firstVote?.by, firstVote?.decision, firstVote?.requestId], ['Ana', 'deny', request.id]);

  const invitation = { email: 'ben@example.com', roles: ['reviewer'], groups: [] } as const;
  assert.ok((await invitePerson({ ...at, consoleUrl: CONSOLE_URL }, OPERATOR, invitation)).ok);
  assert.deepEqual((await read()).people, { reviewers: 1, invited: 1 });
  const cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
  assert.equal((await read()).people.reviewers, 2);

  assert.ok((await kill(at, cleo, { scope: 'high-risk', reason: 'a drill' })).ok);
  assert.equal((await read()).drill, null, 'a stop without a restore is no drill');
  const opened = await openRestore(at, cleo, { scope: 'high-risk', reason: 'the drill is over' });
  assert.ok(opened.ok);
  assert.ok((await confirmRestore(at, at.admin, opened.value.id)).ok);
  assert.equal((await read()).drill?.scope, 'high-risk');

  assert.equal((await read()).policy, null, 'the defaults of the tiers are no policy of yours');
  const strict = await inForce(at, at.admin, cleo, [rule('no-shell', 'deny')]);
  assert.deepEqual([(await read()).policy?.version, (await read()).policy?.rules], [strict.version, 1]);
  await held.close();
  await log.close();
});

test('the list is put aside by one person for that person, as often as they like', async () => {
  const ben = await addPerson(at, 'dora', ['reviewer']);
  for (const dismissed of [true, true, false, false, true]) {
    await dismissWelcome(at.prisma, at.admin, dismissed);
    assert.equal((await read()).dismissed, dismissed);
    assert.equal((await readWelcome(at.prisma, ben)).dismissed, false);
  }
});
