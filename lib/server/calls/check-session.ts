// Server-only. Step 2, before anything is looked up: whether security has put this session outside.
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { standingOf } from '#lib/core/identity/session-quarantine.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { StepRefusal } from './attempt.ts';

const BEGAN_LATER =
  'Another session of this agent is quarantined. Until it is lifted only the sessions that ran beside it may call.';

/** Refuses the calls of a quarantined session, and those that may be the same session under another name. */
export function checkSession(
  snapshot: Pick<Snapshot, 'quarantines'>,
  principal: Pick<AgentPrincipal, 'id'>,
  sessionName: string,
): StepRefusal | null {
  if (snapshot.quarantines.size === 0) return null;
  switch (standingOf(snapshot.quarantines.get(principal.id), sessionName)) {
    case 'free':
      return null;
    case 'quarantined':
      return { code: 'session-quarantined' };
    case 'began-later':
      return { code: 'session-quarantined', detail: BEGAN_LATER };
  }
}
