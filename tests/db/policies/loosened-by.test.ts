// Who made a call approvable in the last 24 hours may not be the one who approves it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { loosenedBy } from '#lib/server/policies/loosened-by.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { addShop, inForce, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let ana: HumanPrincipal;
let cleo: HumanPrincipal;
let dora: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ana = at.admin;
  await addShop(at);
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
  dora = await addPerson(at, 'dora', ['admin', 'reviewer']);
});
after(() => at.close());

const refund = (amount: number) =>
  ({ agent: 'bot', server: 'shop', tool: 'refund', tier: 'high', actionClass: 'money', args: { amount } }) as const;
const deploy = { agent: 'bot', server: 'shop', tool: 'deploy', tier: 'high', actionClass: 'deploy', args: {} } as const;
const cap = (most: number) => rule('cap', 'deny', { when: { tools: ['refund'] }, if: `args.amount > ${most}` });
const three = rule('three', 'hold', { when: { tools: ['deploy'] }, quorum: 3 });

test('the author of a looser version, for the calls that it concerns and for no others', async () => {
  await inForce(at, ana, cleo, [cap(100), three]);
  assert.deepEqual(await loosenedBy(at.prisma, refund(500)), []);
  await inForce(at, ana, cleo, [cap(1000), three]);
  assert.deepEqual(await loosenedBy(at.prisma, refund(500)), [ana.id]);
  assert.deepEqual(await loosenedBy(at.prisma, refund(50)), []);
  assert.deepEqual(await loosenedBy(at.prisma, refund(5000)), []);
  assert.deepEqual(await loosenedBy(at.prisma, deploy), []);
});

test('fewer people to ask is looser too, and a later change of somebody else washes nothing clean', async () => {
  await inForce(at, dora, cleo, [cap(1000), { ...three, quorum: 2 }]);
  assert.deepEqual(await loosenedBy(at.prisma, deploy), [dora.id]);
  assert.deepEqual(await loosenedBy(at.prisma, refund(500)), [ana.id]);
  await inForce(at, ana, cleo, [cap(1000), three]);
  assert.deepEqual(await loosenedBy(at.prisma, deploy), [dora.id]);
});

test('after a day it is over, by the database’s clock', async () => {
  await at.prisma.$executeRaw`UPDATE policy_versions SET published_at = published_at - interval '25 hours'`;
  assert.deepEqual(await loosenedBy(at.prisma, refund(500)), []);
  assert.deepEqual(await loosenedBy(at.prisma, deploy), []);
});

test('whoever tagged the tool lower, or into a class that asks for less', async () => {
  const ticket = {
    agent: 'bot',
    server: 'shop',
    tool: 'ticket',
    tier: 'medium',
    actionClass: 'ticketing',
    args: {},
  } as const;
  const tag = (hours: number) =>
    at.prisma.$executeRaw`
      UPDATE tools SET tagged_by = ${dora.id}::uuid, tagged_at = clock_timestamp() - make_interval(hours => ${hours}::int)
      WHERE name = 'ticket'`;
  await tag(1);
  assert.deepEqual(await loosenedBy(at.prisma, ticket), [dora.id]);
  await tag(25);
  assert.deepEqual(await loosenedBy(at.prisma, ticket), []);
  await at.prisma.$executeRaw`
    UPDATE tools SET tagged_by = ${dora.id}::uuid, tagged_at = clock_timestamp(), suggested_class = 'deploy' WHERE name = 'deploy'`;
  await inForce(at, ana, cleo, [cap(1000), rule('classed', 'hold', { when: { classes: ['deploy'] }, quorum: 2 })]);
  await at.prisma.$executeRaw`UPDATE policy_versions SET published_at = published_at - interval '25 hours'`;
  assert.deepEqual(await loosenedBy(at.prisma, { ...deploy, actionClass: 'ticketing' }), [dora.id]);
  assert.deepEqual(await loosenedBy(at.prisma, deploy), []);
});
