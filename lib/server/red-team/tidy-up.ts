// Server-only. What a run that was broken off may have left behind, put back by the next one.
import { liftQuarantine } from '../agents/quarantine-session.ts';
import { endDrillStop } from './drill-stop.ts';
import { RUNNER } from './runner.ts';
import type { StageDeps } from './stage.ts';
import { setStagedPin } from './staged-tool.ts';
import { withdrawLeftRequests } from './withdraw-left.ts';

/** Ends the stop and the quarantine of the drill's agent, puts the staged tool back, takes back what still waits. */
export async function tidyUp(deps: StageDeps): Promise<void> {
  const { prisma } = deps;
  const { agentId, drillAgentId } = await prisma.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
  if (agentId === null || drillAgentId === null) return;
  await endDrillStop(deps);
  await setStagedPin(deps, 'accepted');
  const outside = await prisma.sessionQuarantine.findMany({
    where: { agentId: drillAgentId, liftedAt: null, by: RUNNER.name },
  });
  for (const { session } of outside) {
    await liftQuarantine(deps, RUNNER, drillAgentId, { session, reason: 'The red-team run is over.' });
  }
  await withdrawLeftRequests(deps, [agentId, drillAgentId]);
}
