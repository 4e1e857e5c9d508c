// What a run attacks: servers that lead nowhere and agents that may use nothing else.
import type { ActionClass, Tier } from '../risk/types.ts';

export const RED_TEAM_AGENT = 'red-team';
/** Is stopped, quarantined and flooded, so that the other one is not. */
export const DRILL_AGENT = 'red-team-drill';
export const SINK_SERVER = 'red-team-sink';
/** Holds the canary secret; switched off, and at an address that no resolver knows (RFC 6761). */
export const VAULT_SERVER = 'red-team-vault';
export const VAULT_URL = 'https://red-team-sink.invalid/mcp';
export const LISTED_HOST = 'red-team-sink.invalid';
export const CANARY_NAME = 'red-team-canary';
export const CANARY_USER = 'red-team';
/** How many requests of the drill's agent may wait at once. */
export const DRILL_CAP = 3;

type SinkTool = {
  readonly name: string;
  readonly class: ActionClass;
  readonly tier: Tier;
  readonly description: string;
  readonly reason: string;
};
const REASON = 'Built in for the red team; there is nothing behind it.';

/** Their tools are declared and have no upstream: whatever is decided, nothing runs. */
export const SINK_TOOLS: readonly SinkTool[] = [
  { name: 'read_note', class: 'file-read', tier: 'low', description: 'Reads a note of the red team.', reason: REASON },
  { name: 'search_web', class: 'docs-search', tier: 'low', description: 'Finds texts of strangers.', reason: REASON },
  { name: 'update_ticket', class: 'ticketing', tier: 'medium', description: 'Changes a ticket.', reason: REASON },
  { name: 'send_message', class: 'message-send', tier: 'high', description: 'Sends a message.', reason: REASON },
  { name: 'run_command', class: 'shell', tier: 'high', description: 'Runs a command.', reason: REASON },
  { name: 'change_access', class: 'iam', tier: 'high', description: 'Grants access.', reason: REASON },
  { name: 'pay_invoice', class: 'money', tier: 'high', description: 'Pays an invoice.', reason: REASON },
  { name: 'staged', class: 'file-read', tier: 'low', description: 'Changes while a run looks on.', reason: REASON },
];
