import { ask, type Stage, untilAllowed, untilStopped } from '../stage.ts';
import { setStagedPin } from '../staged-tool.ts';
import { inTurn, type Play, type Plays } from './play.ts';

export const POISONING_PLAYS: Plays = {
  'definition-changed': async (stage) => {
    const before = await staged(stage);
    return [before, await whilePin(stage, 'drifted')];
  },
  'never-accepted': async (stage) => [await whilePin(stage, 'new')],
  'withdrawn-tool': async (stage) => [await whilePin(stage, 'missing')],
  'name-look-alikes': (stage) =>
    inTurn(['Read_Note', 'read_note ', 'r\u0435ad_note', 'red-team-sink__read_note', '\uFF52ead_note'], (tool) =>
      ask(stage, { tool }),
    ),
} satisfies Record<string, Play>;

const staged = (stage: Stage) => ask(stage, { tool: 'staged' });

/** Calls the tool once its pin is in that state, and puts the pin back whatever came of it. */
async function whilePin(stage: Stage, state: 'drifted' | 'new' | 'missing') {
  await setStagedPin(stage, state);
  try {
    return await untilStopped(() => staged(stage));
  } finally {
    await setStagedPin(stage, 'accepted');
    await untilAllowed(() => staged(stage));
  }
}
