import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { approvePolicy } from '#lib/server/policies/approve-policy.ts';
import { readPolicyVersion } from '#lib/server/policies/list-policies.ts';
import { loosenedBy } from '#lib/server/policies/loosened-by.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, PASSWORD, signInAs } from '#tests/fixtures/people.ts';
import { addShop, publish, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
  await addShop(at);
});
after(() => at.close());

const deny = (name: string) => rule(`no-${name}`, 'deny', { when: { tools: [name] } });

test('alone, one loosens a minute later and with the password again, and not before', async () => {
  const ana = await signInAs(at, at.admin.email);
  await publish(at, ana, [deny('refund')]);
  const proposed = await publish(at, ana, []);
  assert.equal(proposed.status, 'proposed');
  const shown = await readPolicyVersion(at.prisma, proposed.version, ana);
  assert.equal(Date.parse(shown?.mayApprove.at ?? '') - Date.parse(proposed.proposedAt ?? ''), 60_000);
  const codeOf = async (who = ana) => {
    const answer = await approvePolicy(at, who, proposed.version, { contentHash: proposed.contentHash });
    return answer.ok ? 'done' : answer.error.code;
  };
  const proven = await reauthenticate(at.prisma, ana, PASSWORD);
  assert.ok(proven.ok);
  const proof = { ...ana, reauthAt: proven.value.reauthAt };
  assert.equal(await codeOf(proof), 'too-early');
  // The minute passes: the proposal lies 61 seconds back, and so does every proof that was older than it.
  await at.prisma.$executeRaw`UPDATE policy_versions SET proposed_at = proposed_at - interval '61 seconds'`;
  assert.equal(await codeOf({ ...ana, reauthAt: new Date(Date.now() - 3_600_000) }), 'step-up-required');
  assert.equal(await codeOf(proof), 'done');
  const last = (await recordedEvents(at.prisma)).findLast((event) => event.type === 'policy.published');
  assert.match(last?.text ?? '', /"separation":"solo"/);
  const call = { agent: 'bot', server: 'shop', tool: 'refund', tier: 'high', actionClass: 'money' } as const;
  assert.deepEqual(
    await loosenedBy(at.prisma, call),
    [ana.id],
    'only what was asked while solo may then be theirs to decide',
  );
});

test('the solo rule ends with the second reviewer, and is not brought back by locking that one out', async () => {
  const ana = await signInAs(at, at.admin.email);
  await publish(at, ana, [deny('ticket')]);
  const whileSolo = await publish(at, ana, []);
  const ben = await addPerson(at, 'ben', ['reviewer']);
  await at.prisma
    .$executeRaw`UPDATE policy_versions SET proposed_at = proposed_at - interval '61 seconds' WHERE status = 'proposed'`;
  const codeOf = async (one: typeof whileSolo) => {
    const answer = await approvePolicy(at, { ...ana, reauthAt: new Date() }, one.version, one);
    return answer.ok ? 'done' : answer.error.code;
  };
  assert.equal(await codeOf(whileSolo), 'second-person-needed');
  const whileTwo = await publish(at, ana, [rule('hold-search', 'hold', { when: { tools: ['search'] } })]);
  assert.equal(whileTwo.status, 'proposed');
  await at.prisma
    .$executeRaw`UPDATE policy_versions SET proposed_at = proposed_at - interval '61 seconds' WHERE status = 'proposed'`;
  await at.prisma.person.update({ where: { id: ben.id }, data: { status: 'disabled' } });
  assert.equal(await codeOf(whileTwo), 'second-person-needed');
  assert.equal(await codeOf(whileSolo), 'done');
});
