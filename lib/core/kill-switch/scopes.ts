import { err, ok, type Result } from '../result.ts';
import { type ActionClass, isActionClass, isTier, type Tier } from '../risk/types.ts';
import { isName, isToolName } from '../servers/name-rules.ts';

/** What one kill covers. */
export type KillScope =
  | { readonly kind: 'high-risk' }
  | { readonly kind: 'everything' }
  | { readonly kind: 'tier'; readonly tier: Tier }
  | { readonly kind: 'server'; readonly server: string }
  | { readonly kind: 'tool'; readonly server: string; readonly tool: string }
  | { readonly kind: 'class'; readonly actionClass: ActionClass }
  | { readonly kind: 'agent'; readonly agent: string };

/** The facts of a call that a scope looks at; all from our registry, none from the agent. */
export type KillableCall = {
  readonly tier: Tier;
  readonly actionClass: ActionClass;
  readonly server: string;
  readonly tool: string;
  readonly agent: string;
  /** The stdio server whose own process makes the call, where it is no agent's. */
  readonly origin?: string | undefined;
};

/**
 * Reads a scope as people type it: `high-risk`, `everything`, `tier:<t>`, `server:<n>`, `tool:<s>/<t>`, `class:<c>`,
 * `agent:<n>`. Refuses everything else, case and spaces included: a kill that silently covers nothing is the worst kind.
 */
export function parseScope(text: string): Result<KillScope, { readonly code: 'bad-scope'; readonly reason: string }> {
  if (text === 'high-risk' || text === 'everything') return ok({ kind: text });
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(colon, 0));
  const rest = text.slice(colon + 1);
  if (kind === 'tier' && isTier(rest)) return ok({ kind, tier: rest });
  if (kind === 'server' && isName(rest)) return ok({ kind, server: rest });
  if (kind === 'class' && isActionClass(rest)) return ok({ kind, actionClass: rest });
  if (kind === 'agent' && isName(rest)) return ok({ kind, agent: rest });
  if (kind === 'tool') {
    const slash = rest.indexOf('/');
    const server = rest.slice(0, Math.max(slash, 0));
    const tool = rest.slice(slash + 1);
    if (isName(server) && isToolName(tool)) return ok({ kind, server, tool });
  }
  return err({
    code: 'bad-scope',
    reason:
      'A scope is high-risk, everything, tier:<tier>, server:<name>, tool:<server>/<tool>, class:<class> or agent:<name>.',
  });
}

/** Writes a scope the way `parseScope` reads it. */
export function formatScope(scope: KillScope): string {
  switch (scope.kind) {
    case 'high-risk':
    case 'everything':
      return scope.kind;
    case 'tier':
      return `tier:${scope.tier}`;
    case 'server':
      return `server:${scope.server}`;
    case 'tool':
      return `tool:${scope.server}/${scope.tool}`;
    case 'class':
      return `class:${scope.actionClass}`;
    case 'agent':
      return `agent:${scope.agent}`;
  }
}

/** Whether a scope stops this call. `high-risk` is every call of tier high. */
export function scopeCovers(scope: KillScope, call: KillableCall): boolean {
  switch (scope.kind) {
    case 'everything':
      return true;
    case 'high-risk':
      return call.tier === 'high';
    case 'tier':
      return call.tier === scope.tier;
    case 'server':
      return call.server === scope.server || call.origin === scope.server;
    case 'tool':
      return call.server === scope.server && call.tool === scope.tool;
    case 'class':
      return call.actionClass === scope.actionClass;
    case 'agent':
      return call.agent === scope.agent;
  }
}

/** The first active scope that stops this call, or null when none does. */
export function isKilled(activeScopes: readonly KillScope[], call: KillableCall): KillScope | null {
  return activeScopes.find((scope) => scopeCovers(scope, call)) ?? null;
}
