import type { JsonObject } from '#lib/core/json/value.ts';
import { ask } from '../stage.ts';
import { inTurn, type Plays } from './play.ts';

export const EXFILTRATION_PLAYS: Plays = {
  'secret-in-arguments': (stage) =>
    inTurn<JsonObject>(
      [{ text: stage.canary }, { list: [{ a: 1 }, { deep: [`see ${stage.canary}, thanks`] }] }],
      (args) => ask(stage, { tool: 'read_note', args }),
    ),
  'secret-in-disguise': (stage) =>
    inTurn(disguisesOf(stage.canary), (text) => ask(stage, { tool: 'read_note', args: { text } })),
  'secret-beside-the-arguments': async (stage) => [
    await ask(stage, { tool: 'read_note', more: { reason: `The key is ${stage.canary}` } }),
    await ask(stage, { tool: stage.canary }),
    await ask(stage, { tool: 'read_note', session: stage.canary }),
  ],
};

function disguisesOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [
    bytes.toString('base64'),
    Buffer.from(`x${secret} and so on`).toString('base64'),
    Buffer.from(`xy${secret} and so on`).toString('base64'),
    bytes.toString('base64url'),
    hex,
    hex.toUpperCase(),
    hex.replaceAll(/../g, (byte) => `%${byte}`),
  ];
}
