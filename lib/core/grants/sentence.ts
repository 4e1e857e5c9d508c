import { inTime } from '../policies/words.ts';
import type { Tier } from '../risk/types.ts';
import type { GrantTerms } from './grant.ts';

/** What the sentence is made of. `tier` null = not known before the proposal is made. */
export type GrantWords = Pick<
  GrantTerms,
  'agentName' | 'serverName' | 'toolName' | 'actionClass' | 'condition' | 'maxUses' | 'minutes'
> & { readonly tier: Tier | null };

/**
 * The grant in words, from its terms alone; the condition stands as written, because people approve exactly it.
 * In a file of its own, so that a browser that shows one need not load what evaluates conditions.
 */
export function grantSentence(terms: GrantWords): string {
  const what =
    terms.toolName === null
      ? `any ${terms.actionClass ?? 'unknown'} tool of ${terms.serverName}`
      : `${terms.toolName} of ${terms.serverName}`;
  const uses = terms.maxUses === 1 ? 'once' : `at most ${terms.maxUses} times`;
  const tier = terms.tier === null ? '' : `, up to tier ${terms.tier}`;
  const where = terms.condition === null ? 'with any arguments' : `where ${terms.condition}`;
  return `For ${inTime(terms.minutes * 60)} ${terms.agentName} may call ${what} ${uses}${tier}, ${where}.`;
}
