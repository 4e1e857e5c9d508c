// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { Grant, grantCreateSchema } from '#lib/contracts/grants.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { compileGrant, type GrantTerms, grantDigest } from '#lib/core/grants/grant.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { JsonValue } from '#lib/core/json/value.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { EGRESS_SERVER, EGRESS_SERVER_ID } from '../calls/egress-server.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Server } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSeparation } from '../people/read-separation.ts';
import { fixDestination } from './fix-destination.ts';
import { grantFacts } from './grant-event.ts';
import { needOf, readPolicyNow, readSubjectTools } from './grant-need.ts';
import { viewGrant } from './grant-view.ts';
import { judgeGrantVoter } from './judge-grant-voter.ts';
import { announceGrant, lockGrant, shareEpoch } from './lock-grant.ts';
import { settleGrant } from './settle-grant.ts';

export type GrantInput = z.infer<typeof grantCreateSchema>;
type Deps = { readonly prisma: Database; readonly keys: Keys };
/** What else of the hold is frozen: how long the proposal waits, and how long each vote on it counts. */
type Waiting = Pick<HoldTerms, 'pendingTtlS' | 'voteTtlS'>;
type Subject = {
  readonly agentId: string;
  readonly agentOwnerId: string;
  readonly serverId: string;
  readonly serverConfigHash: string;
  readonly tainted: boolean;
};

/**
 * Proposes a grant, from a request or by hand, frozen with the bar of the hold that it would take the place of.
 *
 * A proposer who may vote on such calls gives the first approval with it, unless a passkey is asked for: what is signed
 * must name the grant, which is not there yet. Refuses everybody but reviewers and admins, names that do not fit together,
 * a condition that does not compile, connections to more than one host and port, what policy denies, and what nobody would
 * be asked about. The request that it is made from stays as it is.
 */
export async function proposeGrant(
  deps: Deps,
  principal: HumanPrincipal,
  input: GrantInput,
): Promise<Result<Grant, Refusal>> {
  if (!principal.roles.includes('reviewer') && !principal.roles.includes('admin')) {
    return err({ code: 'not-allowed', detail: 'Proposing a grant needs the role reviewer or admin.' });
  }
  return withTx(deps.prisma, async (tx): Promise<Result<Grant, Refusal>> => {
    const epoch = await shareEpoch(tx);
    const subject = await findSubject(tx, input);
    if (!subject.ok) return subject;
    const narrowed = await narrow(deps, tx, input, subject.value);
    if (!narrowed.ok) return narrowed;
    const frozen = await freeze(tx, narrowed.value, subject.value, epoch);
    if (!frozen.ok) return frozen;
    const { terms, waiting } = frozen.value;
    await insert(tx, principal, input, terms, subject.value, waiting);
    const row = await lockGrant(tx, terms.id);
    if (row === null) throw new Error('The grant is not there.');
    const separation = await readSeparation(tx);
    const quorum = { needed: terms.quorum, approved: 0, voters: [] };
    const actor = { type: 'person' as const, id: principal.id, name: principal.name };
    await recordEvent(tx, deps.keys, { ...grantFacts(row), type: 'grant.proposed', actor, quorum, separation });
    await announceGrant(tx, row);
    if (terms.stepUp === 'none' && (await judgeGrantVoter(tx, row, principal.id)).ok) {
      await tx.$executeRaw`
        INSERT INTO grant_votes (id, grant_id, person_id, decision, digest, reason)
        VALUES (${randomUUIDv7()}::uuid, ${terms.id}::uuid, ${principal.id}::uuid, 'approve', ${row.digest}, ${input.reason})`;
      await settleGrant(tx, deps.keys, principal, terms.id, 'approve');
    }
    const view = await viewGrant(tx, principal, terms.id);
    if (view === null) throw new Error('The grant is not there.');
    return ok(view);
  });
}

/** Connections through the egress proxy are granted for one host and port; everything else as it is asked for. */
async function narrow(
  { keys }: Deps,
  tx: Tx,
  input: GrantInput,
  { serverId }: Subject,
): Promise<Result<GrantInput, Refusal>> {
  if (serverId !== EGRESS_SERVER_ID) return ok(input);
  const { tool, condition, requestId } = input;
  const request = requestId === undefined ? null : await tx.approvalRequest.findUnique({ where: { id: requestId } });
  const fixed = fixDestination(keys.masterKey, { tool, condition }, request);
  return fixed.ok ? ok({ ...input, condition: fixed.value }) : fixed;
}

async function findSubject(tx: Tx, input: GrantInput): Promise<Result<Subject, Refusal>> {
  const agent = await tx.agent.findUnique({
    where: { name: input.agent },
    include: { servers: { include: { server: true } } },
  });
  if (agent === null || agent.status !== 'active') return notFound('agent: no active agent has this name');
  const server = await serverOf(tx, agent, input.server);
  if (server === null || server.status !== 'active') {
    return notFound('server: the agent may not use an active server of this name');
  }
  const found = { agentId: agent.id, agentOwnerId: agent.ownerId, serverId: server.id };
  const subject = { ...found, serverConfigHash: server.configHash, tainted: false };
  if (input.requestId === undefined) return ok(subject);
  const request = await tx.approvalRequest.findUnique({ where: { id: input.requestId } });
  if (request === null) return notFound('requestId: there is no such request');
  const isOf =
    request.agentId === agent.id &&
    request.serverId === server.id &&
    (input.tool === undefined ? request.actionClass === input.actionClass : request.toolName === input.tool);
  if (!isOf) return err({ code: 'invalid-request', detail: 'The grant must be for what its request asks for.' });
  return ok({ ...subject, tainted: request.tainted });
}

/** No list says who may use the egress proxy: whoever has a way out may ask for more, and is asked for there. */
async function serverOf(
  tx: Tx,
  agent: { readonly servers: readonly { readonly server: Server }[] },
  name: string,
): Promise<Server | null> {
  const own = agent.servers.map((one) => one.server).find((one) => one.name === name);
  if (own !== undefined) return own;
  return name === EGRESS_SERVER ? tx.server.findUnique({ where: { id: EGRESS_SERVER_ID } }) : null;
}

async function freeze(
  tx: Tx,
  input: GrantInput,
  subject: Subject,
  epoch: bigint,
): Promise<Result<{ readonly terms: GrantTerms; readonly waiting: Waiting }, Refusal>> {
  const about = { tool: input.tool ?? null, actionClass: input.actionClass ?? null };
  const tools = await readSubjectTools(tx, subject.serverId, about);
  if (tools.length === 0) return notFound('No accepted tool of the server is named here.');
  const policy = await readPolicyNow(tx);
  const names = { agent: input.agent, server: input.server };
  const need = needOf(policy, { ...names, ...about, tainted: subject.tainted }, tools);
  if (!need.ok) return need;
  const { quorum, factors, stepUp, pendingTtlS, voteTtlS } = need.value.terms;
  const [only] = tools;
  const terms: GrantTerms = {
    id: randomUUIDv7(),
    agentId: subject.agentId,
    agentName: input.agent,
    serverId: subject.serverId,
    serverName: input.server,
    serverConfigHash: subject.serverConfigHash,
    toolName: about.tool,
    toolDigest: about.tool === null ? null : (only?.digest ?? null),
    actionClass: about.actionClass,
    condition: input.condition ?? null,
    maxUses: input.maxUses,
    minutes: input.minutes,
    quorum,
    factors,
    stepUp,
    tier: need.value.tier,
    policyVersion: policy.version,
    killEpoch: epoch.toString(),
  };
  const compiled = compileGrant(terms);
  if (!compiled.ok) {
    const { message, line, column } = compiled.error;
    return err({ code: 'invalid-request', detail: `condition, line ${line}, column ${column}: ${message}` });
  }
  return ok({ terms, waiting: { pendingTtlS, voteTtlS } });
}

async function insert(
  tx: Tx,
  principal: HumanPrincipal,
  input: GrantInput,
  terms: GrantTerms,
  subject: Subject,
  waiting: Waiting,
): Promise<void> {
  const factors: JsonValue = terms.factors.map(({ groups, count }) => ({ groups: [...groups], count }));
  await tx.$executeRaw`
    INSERT INTO grants (id, agent_id, agent_name, agent_owner_id, server_id, server_name, server_config_hash, tool_name,
      tool_digest, action_class, condition, max_uses, quorum, factors, step_up, vote_ttl_s, tier, minutes, policy_version, kill_epoch,
      digest, request_id, opened_solo, reason, created_by, decide_by)
    VALUES (${terms.id}::uuid, ${terms.agentId}::uuid, ${terms.agentName}, ${subject.agentOwnerId}::uuid,
      ${terms.serverId}::uuid, ${terms.serverName}, ${terms.serverConfigHash}, ${terms.toolName}, ${terms.toolDigest},
      ${terms.actionClass}, ${terms.condition}, ${terms.maxUses}, ${terms.quorum}, ${JSON.stringify(factors)}::jsonb,
      ${terms.stepUp}, ${waiting.voteTtlS}, ${terms.tier}::tier, ${terms.minutes}, ${terms.policyVersion}, ${terms.killEpoch}::bigint,
      ${grantDigest(terms)}, ${input.requestId ?? null}::uuid,
      reviewers_apart() = 1,
      ${input.reason}, ${principal.id}::uuid, clock_timestamp() + make_interval(secs => ${waiting.pendingTtlS}))`;
}

function notFound(detail: string) {
  return err({ code: 'not-found' as const, detail });
}
