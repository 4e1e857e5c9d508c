import type { Bar } from '../approvals/terms.ts';
import { satisfiesTerms } from '../approvals/terms.ts';
import { type Sha256Hex, sha256Hex } from '../hash/sha256.ts';
import { canonicalJson } from '../json/canonical.ts';
import { type Condition, type ConditionProblem, compileCondition, factsOf } from '../policies/condition.ts';
import type { Factor, HoldTerms, PolicyCall } from '../policies/rule.ts';
import { ok, type Result } from '../result.ts';
import { type ActionClass, TIERS, type Tier } from '../risk/types.ts';

export { grantSentence } from './sentence.ts';

/** Everything that people agree to when they approve a grant, and that its digest covers. */
export type GrantTerms = {
  readonly id: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly serverId: string;
  readonly serverName: string;
  readonly serverConfigHash: string;
  /** This and its pin, or `actionClass`; never both. */
  readonly toolName: string | null;
  readonly toolDigest: string | null;
  readonly actionClass: ActionClass | null;
  /** CEL over the call; null = any arguments. */
  readonly condition: string | null;
  readonly maxUses: number;
  readonly minutes: number;
  /** The bar of the hold that it takes the place of. */
  readonly quorum: number;
  readonly factors: readonly Factor[];
  readonly stepUp: 'none' | 'passkey';
  /** The highest tier that it may be used for. */
  readonly tier: Tier;
  readonly policyVersion: number;
  /** Decimal text of the kill epoch it was made in. */
  readonly killEpoch: string;
};

/** A grant whose condition was compiled; make it once per grant, not per call. */
export type CompiledGrant = { readonly terms: GrantTerms; readonly condition: Condition | null };

/** Why a grant does not cover a call. */
export type GrantGap = 'agent' | 'server' | 'tool' | 'class' | 'tier' | 'condition' | 'quorum';

const DOMAIN = 'countersign/grant/v1\n';

/** Compiles a grant's condition. Refuses one that does not compile: such a grant may neither be made nor used. */
export function compileGrant(terms: GrantTerms): Result<CompiledGrant, ConditionProblem> {
  if (terms.condition === null) return ok({ terms, condition: null });
  const condition = compileCondition(terms.condition);
  return condition.ok ? ok({ terms, condition: condition.value }) : condition;
}

/**
 * The digest that a vote on a grant carries: hex SHA-256("countersign/grant/v1\n" + JCS of the terms).
 *
 * Changing any term changes it, so nobody's approval can be used for a wider grant than the one on their screen; the id
 * makes two grants with the same terms two things. The members are picked one by one.
 */
export function grantDigest(terms: GrantTerms, hash: Sha256Hex = sha256Hex): string {
  const text = canonicalJson({
    actionClass: terms.actionClass,
    agentId: terms.agentId,
    agentName: terms.agentName,
    condition: terms.condition,
    factors: terms.factors.map((factor) => ({ count: factor.count, groups: [...factor.groups] })),
    id: terms.id,
    killEpoch: terms.killEpoch,
    maxUses: terms.maxUses,
    minutes: terms.minutes,
    policyVersion: terms.policyVersion,
    quorum: terms.quorum,
    serverConfigHash: terms.serverConfigHash,
    serverId: terms.serverId,
    serverName: terms.serverName,
    stepUp: terms.stepUp,
    tier: terms.tier,
    toolDigest: terms.toolDigest,
    toolName: terms.toolName,
  });
  return hash(DOMAIN + text);
}

/**
 * Whether a grant takes the place of a hold that asks for `need`, for one call.
 *
 * Names are compared exactly, a condition must be true (an error is not), and the grant's own bar must be at least the
 * hold's: a policy that was tightened since makes it useless. Pins, uses, time, kill epoch and status are the database's
 * to judge, at the moment of use.
 */
export function grantCovers(grant: CompiledGrant, call: PolicyCall, need: HoldTerms): 'covers' | GrantGap {
  const { terms, condition } = grant;
  if (terms.agentName !== call.agent) return 'agent';
  if (terms.serverName !== call.server) return 'server';
  const exactlyOne = (terms.toolName === null) !== (terms.actionClass === null);
  if (!exactlyOne || (terms.toolName !== null && terms.toolName !== call.tool)) return 'tool';
  if (terms.actionClass !== null && terms.actionClass !== call.actionClass) return 'class';
  if (TIERS.indexOf(call.tier) > TIERS.indexOf(terms.tier)) return 'tier';
  if (!satisfiesTerms(barOf(terms), need)) return 'quorum';
  // Compared by text, too: a condition compiled for other terms must not stand in for this one's.
  if ((condition?.source ?? null) !== terms.condition) return 'condition';
  if (condition !== null && condition.evaluate(factsOf(call)) !== 'true') return 'condition';
  return 'covers';
}

function barOf(terms: GrantTerms): Bar {
  return { quorum: terms.quorum, factors: terms.factors, stepUp: terms.stepUp };
}
