import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { AgentPrincipal, HumanPrincipal } from '#lib/core/identity/principals.ts';
import { type Opened, openRequest } from '#lib/server/approvals/open-request.ts';
import type { Target } from '#lib/server/calls/attempt.ts';
import { readArguments } from '#lib/server/calls/read-arguments.ts';
import { loadSnapshot } from '#lib/server/snapshot/load-snapshot.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { PLAIN_TERMS } from '#tests/fixtures/hold-terms.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addReviewer, sayOn } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let held: HeldCalls;
let pool: pg.Pool;
let target: Target;
let ben: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  pool = new pg.Pool({ connectionString: at.url, max: 8 });
  const server = (await loadSnapshot(pool)).servers.get('host');
  const tool = server?.tools.get('exec');
  assert.ok(server && tool);
  target = { server, tool, tier: tool.tier, actionClass: tool.actionClass };
  ben = await addReviewer(at, 'ben');
});
after(async () => {
  await pool.end();
  await held.close();
  await at.close();
});

async function agent(name: string): Promise<AgentPrincipal> {
  const made = await makeAgent(at, { name, servers: ['host'] });
  const known = (await loadSnapshot(pool)).agents.get(made.id);
  assert.ok(known);
  return { kind: 'agent', audience: '/mcp/host', ...known };
}

function ask(principal: AgentPrincipal, command: string): Promise<Opened> {
  const args = readArguments({ command });
  assert.ok(args.ok);
  return openRequest(pool, at.keys, {
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
}

const wordOf = (opened: Opened) => (opened.kind === 'refused' ? opened.code : opened.kind);

test('a flood of near-duplicates stops at the cap, identical ones collapse, and another agent is not slowed (T40)', async () => {
  const [loud, quiet] = [await agent('loud'), await agent('quiet')];
  const flood = Promise.all(Array.from({ length: 1000 }, (_, n) => ask(loud, `curl ${n % 500}`)));
  const waits: number[] = [];
  for (let n = 0; n < 15; n++) {
    const from = performance.now();
    assert.equal(wordOf(await ask(quiet, `ls ${n}`)), 'opened');
    waits.push(performance.now() - from);
  }
  const words = (await flood).map(wordOf);
  assert.equal(words.filter((word) => word === 'opened').length, 20);
  assert.equal(words.filter((word) => word === 'attached').length, 20, 'the second half asks the same again');
  assert.equal(words.filter((word) => word === 'pending-cap').length, 960);
  const slowest = waits.sort((a, b) => a - b)[13] ?? 0;
  assert.ok(slowest < 2_000, `the quiet agent waited ${Math.round(slowest)} ms`);
  assert.equal(await at.prisma.approvalRequest.count({ where: { agentId: loud.id } }), 20);
});

test('after three denials of one tool the agent is refused it for five minutes, whatever the arguments (T40)', async () => {
  const bot = await agent('bot');
  for (let n = 0; n < 3; n++) {
    const opened = await ask(bot, `rm ${n}`);
    assert.ok(opened.kind === 'opened', wordOf(opened));
    assert.equal(await sayOn(at, ben, opened.request, 'deny'), 'decided denied');
    assert.equal(wordOf(await ask(bot, `rm ${n}`)), 'denied-by-human', 'a denial is remembered for the same call');
  }
  assert.equal(wordOf(await ask(bot, 'rm something else')), 'cooling-down');
  assert.equal(wordOf(await ask(await agent('other'), 'rm 1')), 'opened', 'nobody else is cooled down');
  await pool.query(
    `UPDATE approval_requests SET decided_at = decided_at - interval '299 seconds' WHERE agent_id = $1`,
    [bot.id],
  );
  assert.equal(wordOf(await ask(bot, 'rm again')), 'cooling-down');
  await pool.query(`UPDATE approval_requests SET decided_at = decided_at - interval '2 seconds' WHERE agent_id = $1`, [
    bot.id,
  ]);
  assert.equal(wordOf(await ask(bot, 'rm again')), 'opened');
});

test('denials that lie further apart than ten minutes cool nobody down', async () => {
  const slow = await agent('slow');
  for (let n = 0; n < 3; n++) {
    await pool.query(
      `UPDATE approval_requests SET decided_at = decided_at - interval '301 seconds' WHERE agent_id = $1`,
      [slow.id],
    );
    const opened = await ask(slow, `rm ${n}`);
    assert.ok(opened.kind === 'opened', wordOf(opened));
    await sayOn(at, ben, opened.request, 'deny');
  }
  assert.equal(wordOf(await ask(slow, 'rm 4')), 'opened');
});
