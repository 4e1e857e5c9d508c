import type { EgressEntry as WireEntry } from '#lib/contracts/egress.ts';
import type { EgressAllow } from '#lib/contracts/egress-input.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import { addEgressEntryIn } from './add-entry.ts';

/**
 * Lists a destination that was refused or held, for the identity that asked for it, with a reason and an end. What was
 * typed by a stranger is judged like any other input: a host that no entry can name is refused.
 */
export function allowAttempt(
  deps: ConfigDeps,
  actor: ConfigActor,
  id: string,
  input: EgressAllow,
): Promise<Result<WireEntry, ConfigRefusal>> {
  return writeConfig<WireEntry, ConfigRefusal>(deps, actor, async (write) => {
    const row = await write.tx.egressAttempt.findUnique({ where: { id } });
    if (row === null) return refuse('not-found', 'There is no such attempt: it may be too old.');
    const { identity, scheme, host, port } = row;
    if (scheme !== 'http' && scheme !== 'https') return refuse('invalid-request', 'No entry could open this scheme.');
    if (port < 1 || port > 65_535) return refuse('invalid-request', 'No entry could open this port.');
    return addEgressEntryIn(write, { identity, scheme, host, port, ...input });
  });
}
