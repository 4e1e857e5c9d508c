// Server-only.

/**
 * SQL that tells whether `k.scope` (a row of kill_state) covers a call; `lib/core/kill-switch/scopes.ts` in the database's
 * words, and a test holds the two together. The arguments are SQL expressions, never values.
 */
export function killCovers(tier: string, actionClass: string, server: string, tool: string, agent: string): string {
  return `k.scope = ANY(ARRAY['everything', 'tier:' || ${tier}::text, 'class:' || ${actionClass}::text,
    'server:' || ${server}::text, 'tool:' || ${server}::text || '/' || ${tool}::text, 'agent:' || ${agent}::text,
    CASE WHEN ${tier}::text = 'high' THEN 'high-risk' END])`;
}
