// Grants as they are spent: many gateways, one database, and everything that may have changed since people agreed.
import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Grant } from '#lib/contracts/grants.ts';
import { actionClassSchema } from '#lib/contracts/shared-shapes.ts';
import { buildInboxRow } from '#lib/server/audit/record-event.ts';
import { createGrantSpender, type GrantSpender, type Spent } from '#lib/server/grants/grant-spender.ts';
import { proposeGrant } from '#lib/server/grants/propose-grant.ts';
import { revokeGrant } from '#lib/server/grants/revoke-grant.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { createLog } from '#lib/server/log.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { acceptUpstream } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { startMcpServer, tool } from '#tests/fixtures/servers.ts';

let at: Installation;
/** Eight gateways, each with its own connection. */
let gateways: GrantSpender[];
let agentId: string;

before(async () => {
  at = await openInstallation();
  const upstream = await startMcpServer([tool('drop'), tool('list')]);
  await acceptUpstream(at, 'db', upstream, { drop: 'high', list: 'medium' });
  await upstream.close();
  ({ id: agentId } = await makeAgent(at, { name: 'bot', servers: ['db'] }));
  const log = createLog('silent', 'gateway');
  gateways = Array.from({ length: 8 }, () => createGrantSpender(at.url, log));
});
after(async () => {
  await Promise.all((gateways ?? []).map((one) => one.close()));
  await at?.close();
});

async function granted(more: Partial<Parameters<typeof proposeGrant>[2]> = {}): Promise<Grant> {
  const input = { agent: 'bot', server: 'db', tool: 'drop', minutes: 30, maxUses: 100, reason: 'a test' };
  const made = await proposeGrant(at, at.admin, { ...input, ...more });
  assert.ok(made.ok, JSON.stringify(made));
  assert.equal(made.value.status, 'active', 'a solo reviewer who proposes has approved');
  return made.value;
}

type How = {
  on?: GrantSpender;
  tool?: string;
  tier?: 'low' | 'medium' | 'high';
  epoch?: bigint;
  policyVersion?: number;
};

async function spend(grant: Grant, how: How = {}): Promise<Spent['kind']> {
  const name = how.tool ?? 'drop';
  const row = await at.prisma.tool.findFirstOrThrow({ where: { name }, include: { server: true } });
  const policy = await at.prisma.policyVersion.findFirst({
    where: { status: 'published' },
    orderBy: { version: 'desc' },
  });
  const callId = randomUUIDv7();
  const event = (type: 'call.intent' | 'grant.used' | 'grant.ended') =>
    buildInboxRow({ type, actor: { type: 'agent', id: agentId, name: 'bot' }, callId }, at.keys);
  const on = how.on ?? gateways[0];
  assert.ok(on);
  const spent = await on.spend({
    grantId: grant.id,
    tool: name,
    toolDigest: row.acceptedDigest ?? '',
    serverConfigHash: row.server.configHash,
    tier: how.tier ?? row.tier,
    actionClass: row.actionClass,
    onBehalfOf: null,
    knownEpoch: how.epoch ?? (await epoch()),
    policyVersion: how.policyVersion ?? policy?.version ?? 0,
    rows: [event('grant.used'), event('call.intent')],
    ended: () => event('grant.ended'),
  });
  return spent.kind;
}

async function epoch(): Promise<bigint> {
  return (await at.prisma.killHead.findUniqueOrThrow({ where: { id: 1 } })).epoch;
}

const stored = (grant: Grant) => at.prisma.grant.findUniqueOrThrow({ where: { id: grant.id } });
const countOf = async (type: string) => (await recordedEvents(at.prisma)).filter((one) => one.type === type).length;

test('eight gateways with hundreds of calls never use a grant more often than was granted', async () => {
  const before = { intents: await countOf('call.intent'), ended: await countOf('grant.ended') };
  const grant = await granted({ maxUses: 100 });
  const other = await granted({ maxUses: 7 });
  const tries = await Promise.all(
    gateways.flatMap((on) =>
      Array.from({ length: 30 }, (_, n) => spend(n % 4 === 0 ? other : grant, { on }).then((kind) => [n % 4, kind])),
    ),
  );
  const spentOf = (isOther: boolean) =>
    tries.filter(([rest, kind]) => (rest === 0) === isOther && kind === 'spent').length;
  assert.deepEqual([spentOf(false), spentOf(true)], [100, 7]);
  assert.deepEqual([(await stored(grant)).uses, (await stored(grant)).status], [100, 'used_up']);
  assert.deepEqual([(await stored(other)).uses, (await stored(other)).status], [7, 'used_up']);
  assert.equal((await countOf('call.intent')) - before.intents, 107, 'one intent for each use');
  assert.equal((await countOf('grant.ended')) - before.ended, 2, 'each end is told once');
});

test('whatever changed since people agreed leaves a grant unused', async () => {
  const cases: [string, string, string][] = [
    ['run out', `UPDATE grants SET expires_at = clock_timestamp()`, ''],
    ['not begun', `UPDATE grants SET status = 'pending'`, `UPDATE grants SET status = 'active'`],
    ['pin drifted', `UPDATE tools SET pin_state = 'drifted'`, `UPDATE tools SET pin_state = 'accepted'`],
    ['server disabled', `UPDATE servers SET status = 'disabled'`, `UPDATE servers SET status = 'active'`],
    ['agent revoked', `UPDATE agents SET status = 'revoked'`, `UPDATE agents SET status = 'active'`],
    ['approver lost the role', `UPDATE people SET roles = '{admin}'`, `UPDATE people SET roles = '{admin,reviewer}'`],
    ['approver disabled', `UPDATE people SET status = 'disabled'`, `UPDATE people SET status = 'active'`],
    ['votes gone', `UPDATE grant_votes SET decision = 'deny'`, `UPDATE grant_votes SET decision = 'approve'`],
    [
      'other terms than voted on',
      `UPDATE grants SET digest = repeat('0', 64)`,
      `UPDATE grants g SET digest = (SELECT max(v.digest) FROM grant_votes v WHERE v.grant_id = g.id)`,
    ],
    ['other server', `UPDATE grants SET server_config_hash = 'x' || server_config_hash`, ''],
    ['other pin', `UPDATE grants SET tool_digest = 'x' || tool_digest`, ''],
  ];
  for (const [what, change, undo] of cases) {
    const grant = await granted();
    await at.prisma.$executeRawUnsafe(change);
    assert.equal(await spend(grant), 'gone', what);
    assert.equal((await stored(grant)).uses, 0, what);
    if (undo === '') continue;
    await at.prisma.$executeRawUnsafe(undo);
    assert.equal(await spend(grant), 'spent', `${what}, undone`);
  }
});

test('a grant is for its tool and its tier, and one for a class for what stood when it was proposed', async () => {
  const grant = await granted();
  assert.equal(await spend(grant, { tool: 'list' }), 'gone', 'another tool');
  const medium = await granted({ tool: 'list' });
  assert.equal(medium.tier, 'medium');
  assert.equal(await spend(medium, { tool: 'list', tier: 'high' }), 'gone', 'tagged higher since');
  assert.equal(await spend(medium, { tool: 'list' }), 'spent');
  const { actionClass } = await at.prisma.tool.findFirstOrThrow({ where: { name: 'list' } });
  const byClass = await granted({ tool: undefined, actionClass: actionClassSchema.parse(actionClass) });
  assert.equal(await spend(byClass, { tool: 'list' }), 'spent');
  await at.prisma.$executeRaw`UPDATE tools SET accepted_at = clock_timestamp() WHERE name = 'list'`;
  assert.equal(await spend(byClass, { tool: 'list' }), 'gone', 'a definition accepted since');
});

test('a gateway that knows an older epoch or another policy version spends nothing and is told why', async () => {
  const grant = await granted();
  assert.equal(await spend(grant, { epoch: (await epoch()) - 1n }), 'epoch-moved');
  assert.equal(await spend(grant, { policyVersion: 999 }), 'policy-moved');
  assert.equal(await spend(grant), 'spent');
});

test('a revoked grant is dead at once, and revoking it again is no mistake', async () => {
  const grant = await granted();
  assert.equal((await revokeGrant(at, at.admin, grant.id)).ok, true);
  assert.equal(await spend(grant), 'gone');
  assert.equal((await revokeGrant(at, at.admin, grant.id)).ok, true);
  assert.equal((await stored(grant)).status, 'revoked');
});

test('an intent row that cannot be written uses nothing up (T25)', async () => {
  const grant = await granted();
  await at.prisma.$executeRaw`
    ALTER TABLE audit_inbox ADD CONSTRAINT refuse_uses CHECK (event NOT LIKE '%"grant.used"%') NOT VALID`;
  await assert.rejects(spend(grant), { name: 'AuditUnavailable' });
  await at.prisma.$executeRaw`ALTER TABLE audit_inbox DROP CONSTRAINT refuse_uses`;
  assert.equal((await stored(grant)).uses, 0);
  assert.equal(await spend(grant), 'spent');
});

test('a kill ends the grants it covers, and re-enabling brings none of them back (T22)', async () => {
  const covered = await granted();
  const spared = await granted({ tool: 'list' });
  const scope = 'tool:db/drop';
  const killed = await kill(at, at.admin, { scope, reason: 'a test' });
  assert.ok(killed.ok, JSON.stringify(killed));
  assert.equal((await stored(covered)).status, 'killed');
  assert.equal(await spend(covered), 'gone');
  assert.equal(await spend(spared, { tool: 'list' }), 'spent', 'another tool goes on');
  // As if the kill had not marked the row: the epoch alone keeps it dead, on and off.
  await at.prisma.$executeRaw`UPDATE grants SET status = 'active' WHERE id = ${covered.id}::uuid`;
  assert.equal(await spend(covered), 'gone', 'while the switch is on');
  const opened = await openRestore(at, at.admin, { scope, reason: 'it is over' });
  assert.ok(opened.ok);
  await at.prisma.$executeRaw`UPDATE kill_restores SET opened_at = opened_at - interval '2 minutes'`;
  const restored = await confirmRestore(at, { ...at.admin, reauthAt: new Date() }, opened.value.id);
  assert.ok(restored.ok, JSON.stringify(restored));
  assert.equal(await spend(covered), 'gone', 'after re-enabling');
  assert.equal(await spend(await granted()), 'spent', 'a new grant is as good as any');
});

test('a kill in flight wins over a use that waits for it', async () => {
  const grant = await granted();
  const known = await epoch();
  const killing = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const killer = at.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE kill_head SET epoch = epoch + 1 WHERE id = 1`;
    entered.resolve();
    await killing.promise;
  });
  await entered.promise;
  const racing = spend(grant, { epoch: known });
  killing.resolve();
  await killer;
  assert.equal(await racing, 'epoch-moved');
  assert.equal((await stored(grant)).uses, 0);
});
