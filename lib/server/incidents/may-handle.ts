// Server-only.
import type { ConfigActor } from '#lib/core/identity/principals.ts';

/** Whether somebody may read and handle incidents: security or admin, or the operator. Not reviewers: one may be about them. */
export function mayHandle(actor: ConfigActor): boolean {
  return actor.kind === 'operator' || actor.roles.some((role) => role === 'security' || role === 'admin');
}
