import type { AgentPrincipal, HumanPrincipal, OperatorPrincipal } from './principals.ts';

/** Who did it, as the log names them. */
export type AuditActor = {
  readonly type: 'agent' | 'person' | 'operator';
  readonly id: string;
  readonly name: string;
};

/** The log's name for a principal; the operator at the host has no row, so the name stands for the id. */
export function auditActor(principal: AgentPrincipal | HumanPrincipal | OperatorPrincipal): AuditActor {
  switch (principal.kind) {
    case 'agent':
      return { type: 'agent', id: principal.id, name: principal.name };
    case 'human':
      return { type: 'person', id: principal.id, name: principal.name };
    case 'operator':
      return { type: 'operator', id: principal.name, name: principal.name };
  }
}

/** The person's id for a `…_by` column; the operator has no row in `people`, so the column stays null. */
export function personIdOf(principal: HumanPrincipal | OperatorPrincipal): string | null {
  return principal.kind === 'human' ? principal.id : null;
}
