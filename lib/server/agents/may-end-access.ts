import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { mayConfigure } from '../db/config-write.ts';

/** Whether the actor may take an agent's access away (its keys, its sessions, all of it): an admin, security, the operator. */
export function mayEndAccess(actor: ConfigActor): boolean {
  return mayConfigure(actor) || (actor.kind === 'human' && actor.roles.includes('security'));
}
