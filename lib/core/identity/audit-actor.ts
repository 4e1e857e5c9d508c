import type { AgentPrincipal, HumanPrincipal, OperatorPrincipal } from './principals.ts';

/** Who did it, as the log names them. */
export type AuditActor = {
  readonly type: 'agent' | 'person' | 'operator' | 'system';
  readonly id: string;
  readonly name: string;
};

/** The log's name for a principal, or for what the system does by itself. The operator has no row: the name is the id. */
export function auditActor(by: AgentPrincipal | HumanPrincipal | OperatorPrincipal | 'system'): AuditActor {
  if (by === 'system') return { type: 'system', id: 'countersign', name: 'countersign' };
  switch (by.kind) {
    case 'agent':
      return { type: 'agent', id: by.id, name: by.name };
    case 'human':
      return { type: 'person', id: by.id, name: by.name };
    case 'operator':
      return { type: 'operator', id: by.name, name: by.name };
  }
}

/** The person's id for a `…_by` column; the operator and the system have no row in `people`, so the column stays null. */
export function personIdOf(by: HumanPrincipal | OperatorPrincipal | 'system'): string | null {
  return by !== 'system' && by.kind === 'human' ? by.id : null;
}
