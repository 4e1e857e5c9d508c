import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { scopeCovers } from '#lib/core/kill-switch/scopes.ts';
import { ACTION_CLASSES, TIERS } from '#lib/core/risk/types.ts';
import { consumeRequest } from '#lib/server/approvals/consume-request.ts';
import { finishRequest } from '#lib/server/approvals/finish-request.ts';
import type { HeldRequest } from '#lib/server/approvals/held-request.ts';
import { killCovers } from '#lib/server/approvals/kill-covers.ts';
import { openRequest } from '#lib/server/approvals/open-request.ts';
import { withdrawRequest } from '#lib/server/approvals/withdraw-request.ts';
import { buildInboxRow } from '#lib/server/audit/record-event.ts';
import type { Target } from '#lib/server/calls/attempt.ts';
import { readArguments } from '#lib/server/calls/read-arguments.ts';
import { loadSnapshot } from '#lib/server/snapshot/load-snapshot.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { acceptUpstream, vote } from '#tests/fixtures/gateway.ts';
import { PLAIN_TERMS } from '#tests/fixtures/hold-terms.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { startMcpServer, tool } from '#tests/fixtures/servers.ts';

let at: Installation;
/** Eight gateways, each with its own connections. */
let gateways: pg.Pool[];
let principal: AgentPrincipal;
let target: Target;

before(async () => {
  at = await openInstallation();
  const upstream = await startMcpServer([tool('drop')]);
  await acceptUpstream(at, 'db', upstream, { drop: 'high' });
  await upstream.close();
  const agent = await makeAgent(at, { name: 'bot', servers: ['db'], pendingCap: 1000 });
  gateways = Array.from({ length: 8 }, () => new pg.Pool({ connectionString: at.url, max: 3 }));
  const snapshot = await loadSnapshot(pool());
  const known = snapshot.agents.get(agent.id);
  const server = snapshot.servers.get('db');
  const found = server?.tools.get('drop');
  assert.ok(known && server && found);
  principal = { kind: 'agent', audience: '/mcp/db', ...known };
  target = { server, tool: found, tier: found.tier, actionClass: found.actionClass };
});
after(async () => {
  await Promise.all((gateways ?? []).map((one) => one.end()));
  await at?.close();
});

function pool(): pg.Pool {
  const [first] = gateways;
  assert.ok(first);
  return first;
}

async function open(name: string, on = pool()): Promise<HeldRequest> {
  const args = readArguments({ table: name });
  assert.ok(args.ok);
  const opened = await openRequest(on, at.keys, {
    callId: randomUUIDv7(),
    principal,
    target,
    args: args.value,
    session: null,
    onBehalfOf: null,
    via: 'mcp',
    rule: 'default-high',
    policyVersion: 0,
    terms: PLAIN_TERMS,
    matched: [],
    tainted: false,
    reason: null,
    onlyRequestId: null,
  });
  assert.ok(opened.kind !== 'refused', JSON.stringify(opened));
  return opened.request;
}

async function approved(name: string): Promise<HeldRequest> {
  const request = await open(name);
  await vote(at, request.id, 'approve');
  return request;
}

function intent(request: HeldRequest) {
  return buildInboxRow(
    { type: 'call.intent', actor: { type: 'agent', id: principal.id, name: principal.name }, callId: request.callId },
    at.keys,
  );
}

async function epoch(): Promise<bigint> {
  return (await at.prisma.killHead.findUniqueOrThrow({ where: { id: 1 } })).epoch;
}

async function consume(
  request: HeldRequest,
  on = pool(),
  more: { digest?: string; epoch?: bigint; quorum?: number; policyVersion?: number } = {},
) {
  return consumeRequest(on, {
    requestId: request.id,
    digest: more.digest ?? request.digest,
    knownEpoch: more.epoch ?? (await epoch()),
    bootId: randomUUIDv7(),
    tier: 'high',
    terms: { ...PLAIN_TERMS, quorum: more.quorum ?? 1 },
    policyVersion: more.policyVersion ?? 0,
    rows: [intent(request)],
  });
}

test('an approval is consumed exactly once, by whichever of eight gateways is first (T03)', async () => {
  for (let round = 0; round < 40; round++) {
    const request = await approved(`once-${round}`);
    const tries = await Promise.all(gateways.flatMap((one) => [consume(request, one), consume(request, one)]));
    const kinds = tries.map((one) => one.kind);
    assert.equal(kinds.filter((kind) => kind === 'consumed').length, 1, `round ${round}`);
    assert.equal(kinds.filter((kind) => kind === 'taken').length, tries.length - 1, `round ${round}`);
  }
  const intents = (await recordedEvents(at.prisma)).filter((event) => event.type === 'call.intent');
  assert.equal(intents.length, 40, 'one intent for each consumed approval');
});

test('one byte changed after the approval consumes nothing (T02)', async () => {
  const request = await approved('byte');
  const other = (request.digest.startsWith('0') ? '1' : '0') + request.digest.slice(1);
  const refused = await consume(request, pool(), { digest: other });
  assert.deepEqual([refused.kind, 'code' in refused ? refused.code : ''], ['refused', 'stale-digest']);
  assert.equal((await consume(request)).kind, 'consumed');
  assert.equal((await consume(request, pool(), { digest: other })).kind, 'refused', 'also once it was used');
  const alerts = (await recordedEvents(at.prisma)).filter(
    (event) => event.type === 'call.replayed-with-other-arguments' && event.text.includes(request.id),
  );
  assert.equal(alerts.length, 2);
});

test('a caller that decided by another policy version than the one in force consumes nothing', async () => {
  const request = await approved('policy');
  assert.equal((await consume(request, pool(), { policyVersion: 1 })).kind, 'policy-moved');
  await pool().query(
    `INSERT INTO policy_versions (rules, content_hash, status, published_at) VALUES ('[]', 'x', 'published', now())`,
  );
  assert.equal((await consume(request)).kind, 'policy-moved');
  const { version } = await at.prisma.policyVersion.findFirstOrThrow();
  // A draft is no policy in force.
  await pool().query(
    `INSERT INTO policy_versions (rules, content_hash, status, published_at) VALUES ('[]', 'y', 'draft', NULL)`,
  );
  assert.equal((await consume(request, pool(), { policyVersion: version })).kind, 'consumed');
  await pool().query('DELETE FROM policy_versions');
});

test('what changed since the vote is seen at consumption: role, pin, agent, quorum, age of the vote (T09)', async () => {
  const cases: [string, string, string][] = [
    ['role lost', `UPDATE people SET roles = '{admin}'`, `UPDATE people SET roles = '{admin,reviewer,security}'`],
    ['person disabled', `UPDATE people SET status = 'disabled'`, `UPDATE people SET status = 'active'`],
    ['pin drifted', `UPDATE tools SET pin_state = 'drifted'`, `UPDATE tools SET pin_state = 'accepted'`],
    ['server disabled', `UPDATE servers SET status = 'disabled'`, `UPDATE servers SET status = 'active'`],
    ['agent revoked', `UPDATE agents SET status = 'revoked'`, `UPDATE agents SET status = 'active'`],
    [
      'vote too old',
      `UPDATE votes SET cast_at = cast_at - interval '16 minutes'`,
      `UPDATE votes SET cast_at = cast_at + interval '16 minutes'`,
    ],
    [
      'undo window open',
      `UPDATE approval_requests SET execute_after = clock_timestamp() + interval '1 hour' WHERE status = 'approved'`,
      `UPDATE approval_requests SET execute_after = NULL`,
    ],
  ];
  for (const [what, change, undo] of cases) {
    const request = await approved(`changed-${what}`);
    await pool().query(change);
    assert.notEqual((await consume(request)).kind, 'consumed', what);
    await pool().query(undo);
    assert.equal((await consume(request)).kind, 'consumed', `${what}, undone`);
  }
  const request = await approved('quorum');
  assert.notEqual((await consume(request, pool(), { quorum: 2 })).kind, 'consumed', 'a policy that now asks for two');
});

test('an owner who approved in a solo install does not count once another human holds reviewer', async () => {
  const request = await approved('solo');
  const id = randomUUIDv7();
  await pool().query(
    `INSERT INTO people (id, email, name, roles, groups) VALUES ($1, 'ben@example.com', 'Ben', '{reviewer}', '{}')`,
    [id],
  );
  assert.notEqual((await consume(request)).kind, 'consumed');
  await pool().query('DELETE FROM people WHERE id = $1', [id]);
  assert.equal((await consume(request)).kind, 'consumed');
});

test('a gateway that has not heard of the newest kill epoch consumes nothing, and a kill in flight wins', async () => {
  const request = await approved('epoch');
  const known = await epoch();
  const killer = await pool().connect();
  await killer.query('BEGIN');
  await killer.query('UPDATE kill_head SET epoch = epoch + 1 WHERE id = 1');
  const racing = consume(request, gateways[1], { epoch: known });
  await killer.query('COMMIT');
  killer.release();
  assert.equal((await racing).kind, 'epoch-moved');
  assert.equal((await consume(request)).kind, 'consumed');
});

test('an intent row that cannot be written rolls the consumption back (T25)', async () => {
  const request = await approved('no-audit');
  await pool().query(
    `ALTER TABLE audit_inbox ADD CONSTRAINT refuse_intents CHECK (event NOT LIKE '%${request.callId}%') NOT VALID`,
  );
  await assert.rejects(consume(request));
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal(row.status, 'approved');
  await pool().query('ALTER TABLE audit_inbox DROP CONSTRAINT refuse_intents');
  assert.equal((await consume(request)).kind, 'consumed');
});

test('eight gateways that open the same call at once make one request', async () => {
  const opened = await Promise.all(gateways.map((one) => open('same', one)));
  assert.equal(new Set(opened.map((request) => request.id)).size, 1);
});

test('a request is finished once, and only the agent that asked can withdraw it', async () => {
  const request = await approved('finish');
  const rows = [intent(request), intent(request)] as const;
  assert.equal(await finishRequest(pool(), { requestId: request.id, status: 'succeeded', rows }), false);
  await consume(request);
  assert.equal(await finishRequest(pool(), { requestId: request.id, status: 'succeeded', rows }), true);
  assert.equal(await finishRequest(pool(), { requestId: request.id, status: 'failed', rows }), false);
  const other = await open('withdraw');
  const events = { withdrawn: intent(other), revoked: intent(other) };
  assert.equal(await withdrawRequest(pool(), { requestId: other.id, agentId: randomUUIDv7(), ...events }), false);
  assert.equal(await withdrawRequest(pool(), { requestId: other.id, agentId: principal.id, ...events }), true);
});

test('the database and the core agree which scopes cover a call', async () => {
  const scopes = [
    { kind: 'everything' as const },
    { kind: 'high-risk' as const },
    ...TIERS.map((tier) => ({ kind: 'tier' as const, tier })),
    ...ACTION_CLASSES.map((actionClass) => ({ kind: 'class' as const, actionClass })),
    { kind: 'server' as const, server: 'db' },
    { kind: 'server' as const, server: 'other' },
    { kind: 'tool' as const, server: 'db', tool: 'drop' },
    { kind: 'tool' as const, server: 'db', tool: 'dro' },
    { kind: 'agent' as const, agent: 'bot' },
    { kind: 'agent' as const, agent: 'drop' },
  ];
  const { formatScope } = await import('#lib/core/kill-switch/scopes.ts');
  for (const tier of TIERS) {
    const call = { tier, actionClass: 'db-mutation' as const, server: 'db', tool: 'drop', agent: 'bot' };
    for (const scope of scopes) {
      const { rows } = await pool().query<{ covers: boolean }>(
        `SELECT coalesce(${killCovers('$1', '$2', '$3', '$4', '$5')}, false) AS covers FROM (SELECT $6::text AS scope) k`,
        [call.tier, call.actionClass, call.server, call.tool, call.agent, formatScope(scope)],
      );
      assert.equal(rows[0]?.covers, scopeCovers(scope, call), `${formatScope(scope)} for tier ${tier}`);
    }
  }
});
