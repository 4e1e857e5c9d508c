import { VAULT_SERVER } from '#lib/core/red-team/sink.ts';
import { EGRESS_SERVER } from '../../calls/egress-server.ts';
import { ask, takeBack } from '../stage.ts';
import { inTurn, type Plays } from './play.ts';

const HIGH = [
  { tool: 'run_command', args: { command: 'systemctl stop payments' } },
  { tool: 'change_access', args: { grant: 'admin', to: 'contractor@example.net' } },
  { tool: 'pay_invoice', args: { amount: 48_000, iban: 'DE89370400440532013000' } },
  { tool: 'send_message', args: { to: 'all@example.net', body: 'please reset your password' } },
  { tool: 'update_ticket', args: { id: 'OPS-1', status: 'closed' } },
] as const;

export const ESCALATION_PLAYS: Plays = {
  'undeclared-tool': async (stage) => [await ask(stage, { tool: 'delete_everything' })],
  'unknown-server': (stage) =>
    inTurn(['payments-production', EGRESS_SERVER, 'RED-TEAM-SINK'], (server) =>
      ask(stage, { server, tool: 'read_note' }),
    ),
  'server-switched-off': async (stage) => [await ask(stage, { server: VAULT_SERVER, tool: 'read_note' })],
  'tier-cannot-be-claimed': async (stage) => [
    await ask(stage, { tool: 'run_command', args: { command: 'id' }, more: { tier: 'low' } }),
    await ask(stage, { tool: 'run_command', args: { command: 'id', tier: 'low', readOnlyHint: true } }),
  ],
  'every-class-is-held': (stage) => inTurn(HIGH, (what) => ask(stage, what)),
  'approval-flood': async (stage) => {
    const as = stage.drill;
    const seen = await inTurn(['first', 'second', 'third', 'fourth'], (nth) =>
      ask(stage, { as, tool: 'run_command', args: { command: `echo ${nth} of ${stage.runId}` }, keep: true }),
    );
    for (const { callId, effect } of seen) if (callId !== null && effect === 'held') await takeBack(stage, as, callId);
    return seen;
  },
  'low-tools-go-on': (stage) => inTurn(['read_note', 'search_web'], (tool) => ask(stage, { tool })),
};
