// Server-only. What a found definition is taken for until an admin says otherwise.
import type { JsonObject } from '#lib/core/json/value.ts';
import { ownValue } from '#lib/core/json/value.ts';
import { suggestTag, type TagSuggestion } from '#lib/core/risk/classify.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import { isProtocolMethod, protocolMethod } from '#lib/core/servers/protocol-methods.ts';

/**
 * Suggests tier and class. The protocol's own methods have a class that is known and the tier of their server; everything
 * else is judged by what its definition says.
 */
export function suggestFor(serverTier: Tier, definition: JsonObject): TagSuggestion {
  const name = ownValue(definition, 'name');
  if (typeof name !== 'string' || !isProtocolMethod(name)) return suggestTag({ serverTier, definition });
  return {
    tier: serverTier,
    actionClass: protocolMethod(name).actionClass,
    reasons: [`It is a method of the protocol, defined by Countersign; its server is ${serverTier}.`],
  };
}
