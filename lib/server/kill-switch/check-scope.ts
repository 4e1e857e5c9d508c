// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { type KillScope, parseScope } from '#lib/core/kill-switch/scopes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';

/**
 * Reads a scope that somebody typed. Refuses a name that nothing here has: a kill of a misspelt server stops nothing
 * and looks as if it did.
 */
export async function checkScope(tx: Tx, text: string): Promise<Result<KillScope, Refusal>> {
  const scope = parseScope(text);
  if (!scope.ok) return err({ code: 'invalid-request', detail: `scope: ${scope.error.reason}` });
  return (await isKnown(tx, scope.value))
    ? ok(scope.value)
    : err({ code: 'not-found', detail: 'scope: no such name here' });
}

async function isKnown(tx: Tx, scope: KillScope): Promise<boolean> {
  switch (scope.kind) {
    case 'high-risk':
    case 'everything':
    case 'tier':
    case 'class':
      return true;
    case 'server':
      return (await tx.server.count({ where: { name: scope.server } })) > 0;
    case 'tool':
      return (await tx.tool.count({ where: { name: scope.tool, server: { name: scope.server } } })) > 0;
    case 'agent':
      return (await tx.agent.count({ where: { name: scope.agent } })) > 0;
  }
}

/** Only people of security or admin, and the operator at the host, touch the switch. */
export const KILL_ROLES = ['security', 'admin'] as const;
