import { fetchToken, type Seen } from '../attacker.ts';
import { endDrillStop, stopDrillAgent } from '../drill-stop.ts';
import { ask, look, type Stage, untilAllowed, untilStopped } from '../stage.ts';
import type { Plays } from './play.ts';

export const KILL_SWITCH_PLAYS: Plays = {
  'stopped-agent': async (stage) => {
    const as = stage.drill;
    const attempt = (token: string) => () => ask(stage, { as, tool: 'read_note', token });
    const before = await attempt(as.token)();
    return stopped(stage, [before], async () => {
      const after = await untilStopped(attempt(as.token));
      const fresh = await fetchToken(stage.targets, as.credential, '/api/v1/calls');
      return [after, await untilStopped(attempt(fresh ?? '')), await ask(stage, { tool: 'read_note' })];
    });
  },
  'held-before-the-stop': async (stage) => {
    const as = stage.drill;
    const args = { command: `echo before the stop ${stage.runId}` };
    const first = await ask(stage, { as, tool: 'run_command', args, keep: true });
    const { callId } = first;
    if (callId === null) return [first];
    const during = await stopped(stage, [first], async () => [await untilKilled(stage, callId)]);
    return [...during, await untilKilled(stage, callId)];
  },
};

async function stopped(stage: Stage, before: readonly Seen[], attack: () => Promise<readonly Seen[]>) {
  await stopDrillAgent(stage);
  try {
    return [...before, ...(await attack())];
  } finally {
    await endDrillStop(stage);
    await untilAllowed(() => ask(stage, { as: stage.drill, tool: 'read_note' }));
  }
}

/** The call by its id; it may still read as waiting for the moment that a gateway needs to hear of the stop. */
async function untilKilled(stage: Stage, callId: string): Promise<Seen> {
  const asAllowed = async (): Promise<Seen> => {
    const seen = await look(stage, stage.drill, callId);
    return seen.effect === 'held' ? { ...seen, effect: 'allowed' } : seen;
  };
  return untilStopped(asAllowed);
}
