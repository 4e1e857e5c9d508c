// Server-only. From votes to a running grant.
import { satisfiesTerms, totalOf } from '#lib/core/approvals/terms.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { type EventKeys, recordEvent } from '../audit/record-event.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { readSeparation } from '../people/read-separation.ts';
import { endGrants } from './end-grants.ts';
import { grantFacts } from './grant-event.ts';
import { needOf, readPolicyNow, readSubjectTools } from './grant-need.ts';
import { tallyGrant } from './judge-grant-voter.ts';
import { announceGrant, type LockedGrant, readGrant } from './lock-grant.ts';

/**
 * Records a vote's effect: denied by any deny, running once the quorum is met, else one step nearer.
 *
 * Assumes the grant's lock. A grant whose hold has become stricter since it was proposed, or is denied now, does not begin:
 * it is void, and has to be proposed anew. Its time runs from this moment, on the database's clock.
 */
export async function settleGrant(
  tx: Tx,
  keys: EventKeys,
  voter: HumanPrincipal,
  grantId: string,
  decision: 'approve' | 'deny',
): Promise<void> {
  const row = await readGrant(tx, grantId);
  if (row === null) throw new Error('The grant went away under its lock.');
  const tally = await tallyGrant(tx, row);
  const quorum = { needed: totalOf(row), approved: tally.approvals, voters: tally.approvers };
  const about = {
    ...grantFacts(row),
    actor: { type: 'person' as const, id: voter.id, name: voter.name },
    quorum,
    separation: await readSeparation(tx),
  };
  await recordEvent(tx, keys, { ...about, type: 'grant.vote-cast', decision });
  // Whoever may deny and not approve is in no tally of approvers; the voter has been judged before.
  if (tally.denied || decision === 'deny') {
    await move(tx, row, Prisma.sql`status = 'denied', ended_at = clock_timestamp(), ended_by = ${voter.id}::uuid`);
    await recordEvent(tx, keys, { ...about, type: 'grant.ended', result: { status: 'denied' } });
    return;
  }
  if (!tally.met) {
    await move(tx, row, Prisma.sql`status = status`);
    return;
  }
  if (!(await isStillEnough(tx, row))) {
    const where = Prisma.sql`g.id = ${row.id}::uuid`;
    await endGrants(tx, keys, { by: 'system', status: 'void', cause: 'policy-changed', where });
    return;
  }
  await move(
    tx,
    row,
    Prisma.sql`status = 'active', activated_at = clock_timestamp(),
      expires_at = clock_timestamp() + make_interval(mins => minutes)`,
  );
  await recordEvent(tx, keys, { ...about, type: 'grant.activated' });
}

/** Whether the frozen bar is at least what the hold asks for now, for the tools that it covers now. */
export async function isStillEnough(tx: Tx, row: LockedGrant, policy = readPolicyNow(tx)): Promise<boolean> {
  const subject = { tool: row.tool_name, actionClass: row.action_class };
  const tools = await readSubjectTools(tx, row.server_id, subject);
  if (tools.length === 0) return false;
  const names = { agent: row.agent_name, server: row.server_name };
  const need = needOf(await policy, { ...names, ...subject, tainted: false }, tools);
  // What is no longer held at all needs no grant; one that runs does no harm.
  if (!need.ok) return need.error.code !== 'denied-by-policy';
  const have = { quorum: row.quorum, factors: row.factors, stepUp: row.step_up };
  const isPinned = row.tool_digest === null || tools.every((tool) => tool.digest === row.tool_digest);
  return isPinned && satisfiesTerms(have, need.value.terms) && TIERS_UP_TO[row.tier].has(need.value.tier);
}

const TIERS_UP_TO = {
  low: new Set(['low']),
  medium: new Set(['low', 'medium']),
  high: new Set(['low', 'medium', 'high']),
} as const satisfies Record<string, ReadonlySet<string>>;

async function move(tx: Tx, row: LockedGrant, set: Prisma.Sql): Promise<void> {
  const moved = await tx.$queryRaw<{ version: number; status: LockedGrant['status'] }[]>`
    UPDATE grants SET version = version + 1, ${set}
    WHERE id = ${row.id}::uuid AND status = 'pending' AND version = ${row.version}
    RETURNING version, status::text AS status`;
  const after = moved[0];
  if (after === undefined) throw new Error('The grant changed under its lock.');
  await announceGrant(tx, { id: row.id, ...after });
}
