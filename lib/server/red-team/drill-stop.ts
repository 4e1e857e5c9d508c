// Server-only. The stop of the drill's agent, and its end. The only stop that ends without a second person: it concerns an
// agent that may use nothing but the sink, and only if the red team itself has stopped it.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { DRILL_AGENT } from '#lib/core/red-team/sink.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { kill, moveEpoch } from '../kill-switch/kill.ts';
import { RUNNER } from './runner.ts';

type Deps = { readonly prisma: Database; readonly keys: Keys };

const SCOPE = `agent:${DRILL_AGENT}`;

/** Stops the drill's agent as anybody of security would. */
export async function stopDrillAgent(deps: Deps): Promise<void> {
  const killed = await kill(deps, RUNNER, { scope: SCOPE, reason: 'Red team: does a stop stop.' });
  if (!killed.ok) throw new Error(`the drill's agent could not be stopped: ${killed.error.code}`);
}

/**
 * Ends that stop. A stop by anybody else, also one over it since, stays until two people end it: the row names who stopped
 * the scope last, and only the runner's own is taken back.
 */
export function endDrillStop({ prisma, keys }: Deps): Promise<void> {
  return withTx(prisma, async (tx) => {
    const { drillAgentId } = await tx.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
    const drill = drillAgentId === null ? null : await tx.agent.findUnique({ where: { id: drillAgentId } });
    if (drill === null || drill.name !== DRILL_AGENT) return;
    // First the epoch's row, as every kill and restore does.
    await tx.$executeRaw`SELECT 1 FROM kill_head WHERE id = 1 FOR UPDATE`;
    const [state] = await tx.$queryRaw<{ on: boolean; by_id: string | null; by_name: string }[]>`
      SELECT "on", by_id::text, by_name FROM kill_state WHERE scope = ${SCOPE} FOR UPDATE`;
    if (state === undefined || !state.on || state.by_id !== null || state.by_name !== RUNNER.name) return;
    const epoch = await moveEpoch(tx);
    await tx.$executeRaw`
      UPDATE kill_state SET "on" = false, epoch = ${epoch}, at = clock_timestamp() WHERE scope = ${SCOPE}`;
    await recordEvent(tx, keys, {
      type: 'kill.off',
      actor: auditActor(RUNNER),
      killEpoch: epoch.toString(),
      detail: { scope: SCOPE, redTeam: true },
    });
    await notify(tx, 'cs_kill', { epoch: epoch.toString() });
  });
}
