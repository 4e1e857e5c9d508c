// Server-only. Step 9, first half: a grant may take the place of a hold.
import { grantCovers } from '#lib/core/grants/grant.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { KnownGrant } from '../grants/grant-book.ts';
import type { CallAttempt, Target } from './attempt.ts';
import { agentEvent, type CallFacts, systemEvent } from './call-events.ts';
import type { DoorParts } from './door-parts.ts';
import type { Judged, JudgedCall } from './judge-policy.ts';

export type GrantedCall = {
  readonly call: JudgedCall;
  readonly target: Target;
  readonly policy: Judged;
  readonly policyVersion: number;
  /** What the log says of the call; the epoch is filled in here. */
  readonly facts: CallFacts;
};

export type Granted =
  | { readonly kind: 'granted'; readonly grantId: string }
  | { readonly kind: 'none' }
  /** Another policy version is in force: reload, judge again. */
  | { readonly kind: 'policy-moved' };

const MOST_EPOCH_RETRIES = 4;

/**
 * Looks for a running grant that covers the call and spends one use of it; the call's intent is durable with it.
 *
 * What is in memory only tells which grants are worth asking for. Status, uses, time, kill epoch, pin, configuration, the
 * policy version and the approvers' standing are judged by the statement that spends. A grant does not cover a call on
 * behalf of one of its approvers, of another account of theirs, or of somebody whose delegate gave it: nobody approves what
 * is done for them.
 */
export async function tryGrants(parts: DoorParts, attempt: CallAttempt, granted: GrantedCall): Promise<Granted> {
  const candidates = parts.grants.of(attempt.principal.id);
  for (const known of candidates) {
    if (known.expiresAtMs <= granted.call.nowMs) continue;
    if (isGivenByPrincipal(known, attempt.onBehalfOf)) continue;
    if (grantCovers(known.grant, granted.call, granted.policy.terms) !== 'covers') continue;
    const spent = await spendOne(parts, attempt, granted, known);
    if (spent === 'spent') return { kind: 'granted', grantId: known.grant.terms.id };
    if (spent === 'policy-moved') return { kind: 'policy-moved' };
    // One for a class may be of no use for this tool alone, and any of them only for whom this call is made.
    if (known.grant.terms.toolName !== null && attempt.onBehalfOf === undefined)
      parts.grants.forget(known.grant.terms.id);
  }
  return { kind: 'none' };
}

async function spendOne(
  parts: DoorParts,
  attempt: CallAttempt,
  granted: GrantedCall,
  { grant }: KnownGrant,
): Promise<'spent' | 'policy-moved' | 'gone'> {
  const { target, policy } = granted;
  for (let retry = 0; retry < MOST_EPOCH_RETRIES; retry++) {
    const knownEpoch = parts.killSwitch.epoch();
    const facts: CallFacts = { ...granted.facts, killEpoch: knownEpoch };
    const detail = { grant: grant.terms.id };
    const { waived } = policy;
    const intent = agentEvent('call.intent', facts, {
      decision: waived === null ? 'allow' : `observed-${waived.decision}`,
      payload: attempt.args.canonical,
      detail: waived === null ? detail : { ...detail, scope: waived.scope },
    });
    const spent = await parts.spender.spend({
      grantId: grant.terms.id,
      tool: target.tool.name,
      toolDigest: target.tool.digest,
      serverConfigHash: target.server.configHash,
      tier: target.tier,
      actionClass: target.actionClass,
      onBehalfOf: attempt.onBehalfOf ?? null,
      knownEpoch,
      policyVersion: granted.policyVersion,
      rows: [
        buildInboxRow(agentEvent('grant.used', facts, { decision: 'allow', detail }), parts.keys),
        buildInboxRow(intent, parts.keys),
      ],
      ended: () => buildInboxRow(endedEvent(facts, grant.terms.id), parts.keys),
    });
    switch (spent.kind) {
      case 'spent':
      case 'policy-moved':
      case 'gone':
        return spent.kind;
      case 'epoch-moved':
        await parts.killSwitch.renew();
    }
  }
  return 'gone';
}

function endedEvent(facts: CallFacts, grantId: string) {
  return systemEvent('grant.ended', facts, { result: { status: 'used-up' }, detail: { grant: grantId } });
}

function isGivenByPrincipal({ approvers }: KnownGrant, onBehalfOf: string | undefined): boolean {
  return onBehalfOf !== undefined && approvers.has(onBehalfOf.trim().toLowerCase());
}
