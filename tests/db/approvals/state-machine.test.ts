import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import pg from 'pg';
import { APPROVAL_STATES, type ApprovalState, canTransition, isTerminal } from '#lib/core/approvals/states.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { consumeRequest } from '#lib/server/approvals/consume-request.ts';
import { expireRequests } from '#lib/server/approvals/expire-requests.ts';
import { withdrawRequest } from '#lib/server/approvals/withdraw-request.ts';
import { withdrawVote } from '#lib/server/approvals/withdraw-vote.ts';
import { buildInboxRow } from '#lib/server/audit/record-event.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { PLAIN_TERMS } from '#tests/fixtures/hold-terms.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addReviewer, type Held } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let held: HeldCalls;
let pool: pg.Pool;
/** Two processes, each with connections of its own. */
let processes: readonly [Database, Database];
let people: readonly HumanPrincipal[];
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  pool = new pg.Pool({ connectionString: at.url, max: 4 });
  processes = [createPrisma(at.url, { max: 2, name: 'one' }), createPrisma(at.url, { max: 2, name: 'two' })];
  people = [await addReviewer(at, 'ben'), await addReviewer(at, 'cleo'), await addReviewer(at, 'dan')];
});
after(async () => {
  await Promise.all(processes.map((one) => one.$disconnect()));
  await pool.end();
  await held.close();
  await at.close();
});

type Act =
  | { readonly kind: 'approve' | 'deny' | 'veto' | 'take-back'; readonly who: number }
  | { readonly kind: 'consume' | 'expire' | 'lapse' | 'kill' | 'supersede' | 'withdraw' };
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('approve' as const), who: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('deny' as const, 'veto' as const), who: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('take-back' as const), who: fc.nat(2) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('consume' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('expire' as const, 'lapse' as const, 'withdraw' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('kill' as const, 'supersede' as const) }) },
);
/** What happens at the same moment, in this order or the other, on either process. */
const rounds = fc.array(fc.tuple(fc.array(act, { minLength: 1, maxLength: 3 }), fc.nat(1)), {
  minLength: 2,
  maxLength: 9,
});

async function perform(one: Act, request: Held, on: Database): Promise<string> {
  const { id, digest } = request;
  const deps = { prisma: on, keys: at.keys };
  switch (one.kind) {
    case 'approve':
    case 'deny':
    case 'veto': {
      const manner = one.kind === 'veto' ? 'veto' : 'single';
      const decision = one.kind === 'approve' ? 'approve' : 'deny';
      const result = await castVote(deps, personOf(one.who), { requestId: id, digest, decision }, manner);
      return result.ok ? result.value.outcome : result.error.code;
    }
    case 'take-back': {
      const result = await withdrawVote(deps, personOf(one.who), { requestId: id, digest });
      return result.ok ? 'taken back' : result.error.code;
    }
    case 'consume': {
      const { epoch } = await at.prisma.killHead.findUniqueOrThrow({ where: { id: 1 } });
      const input = {
        requestId: id,
        digest,
        knownEpoch: epoch,
        bootId: randomUUIDv7(),
        tier: 'high' as const,
        rows: [],
      };
      return (await consumeRequest(pool, { ...input, terms: PLAIN_TERMS, policyVersion: 0 })).kind;
    }
    case 'expire':
    case 'lapse': {
      const column = one.kind === 'expire' ? 'expires_at' : 'approved_until';
      await pool.query(`UPDATE approval_requests SET ${column} = clock_timestamp() WHERE id = $1 AND status = $2`, [
        id,
        one.kind === 'expire' ? 'pending' : 'approved',
      ]);
      return String(await expireRequests(on, at.keys));
    }
    case 'kill': {
      const killed = await kill(deps, at.admin, { scope: 'server:host', reason: 'a test' });
      return killed.ok ? 'killed' : killed.error.code;
    }
    case 'supersede':
      return held.hold({ replaces: id }).then(
        () => 'superseded',
        (error: unknown) => String(error),
      );
    case 'withdraw': {
      const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } });
      const event = buildInboxRow({ type: 'request.withdrawn', actor: { type: 'agent', id: 'a', name: 'a' } }, at.keys);
      return String(
        await withdrawRequest(pool, { requestId: id, agentId: row.agentId, withdrawn: event, revoked: event }),
      );
    }
  }
}

function personOf(index: number): HumanPrincipal {
  const person = people[index];
  assert.ok(person);
  return person;
}

async function stateOf(request: Held): Promise<{ status: ApprovalState; approving: number; denying: number }> {
  const { rows } = await pool.query<{ status: string; approving: number; denying: number }>(
    `SELECT r.status::text AS status,
      (SELECT count(*)::int FROM votes v WHERE v.request_id = r.id AND v.withdrawn_at IS NULL AND v.decision = 'approve') AS approving,
      (SELECT count(*)::int FROM votes v WHERE v.request_id = r.id AND v.withdrawn_at IS NULL AND v.decision = 'deny') AS denying
     FROM approval_requests r WHERE r.id = $1`,
    [request.id],
  );
  const status = APPROVAL_STATES.find((state) => state === rows[0]?.status);
  assert.ok(status && rows[0]);
  return { ...rows[0], status };
}

/** Whether one can come from one state to another by so many steps or fewer. */
function reaches(from: ApprovalState, to: ApprovalState, steps: number): boolean {
  if (from === to) return true;
  if (steps === 0) return false;
  return APPROVAL_STATES.some((next) => canTransition(from, next) && reaches(next, to, steps - 1));
}

test('whatever happens at once and in which order: never below quorum, never twice, never after a denial', async () => {
  const seen = new Set<ApprovalState>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(1, 2), rounds, async (quorum, plan) => {
      const request = await held.hold({ quorum });
      let before = await stateOf(request);
      let consumed = 0;
      for (const [acts, first] of plan) {
        const answers = await Promise.all(
          acts.map((one, index) => perform(one, request, processes[(index + first) % 2 === 0 ? 0 : 1])),
        );
        const now = await stateOf(request);
        const story = `${before.status} > ${acts.map((one, n) => `${one.kind}:${answers[n]}`).join(' | ')} > ${now.status}`;
        const used = acts.filter((one, n) => one.kind === 'consume' && answers[n] === 'consumed').length;
        consumed += used;
        assert.ok(consumed <= 1, `consumed twice: ${story}`);
        assert.ok(reaches(before.status, now.status, acts.length), `no such way: ${story}`);
        if (isTerminal(before.status)) assert.equal(now.status, before.status, `terminal moved: ${story}`);
        if (used > 0) assert.ok(!['denied', 'killed'].includes(before.status), `ran after the end: ${story}`);
        if (now.status === 'approved' || used > 0) {
          assert.ok(now.approving >= quorum, `below quorum (${now.approving} of ${quorum}): ${story}`);
          assert.equal(now.denying, 0, `in spite of a denial: ${story}`);
        }
        if (now.status === 'consumed') assert.equal(consumed, 1, story);
        seen.add(now.status);
        before = now;
      }
      await pool.query('UPDATE kill_state SET "on" = false');
    }),
    { numRuns: Number(process.env.STATE_MACHINE_RUNS ?? 60) },
  );
  for (const state of ['approved', 'denied', 'consumed', 'revoked', 'expired', 'withdrawn'] as const) {
    assert.ok(seen.has(state), `${state} was never reached: the runs said little`);
  }
});
