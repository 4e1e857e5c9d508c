import { AUDIT_EVENT_TYPES } from '#lib/core/audit/event-types.ts';

/** Which first words of an event kind stand under which heading, in the order people look for them. */
const HEADINGS: readonly { readonly heading: string; readonly nouns: readonly string[] }[] = [
  { heading: 'Calls', nouns: ['call', 'session'] },
  { heading: 'Requests', nouns: ['request'] },
  { heading: 'Votes', nouns: ['vote'] },
  { heading: 'Grants', nouns: ['grant'] },
  { heading: 'Policies and exceptions', nouns: ['policy', 'observe', 'break-glass', 'delegation'] },
  { heading: 'Kill switch', nouns: ['kill'] },
  { heading: 'Incidents', nouns: ['incident'] },
  { heading: 'Servers and tools', nouns: ['server', 'tool', 'command'] },
  { heading: 'Credentials', nouns: ['credential'] },
  { heading: 'Egress', nouns: ['egress'] },
  { heading: 'Agents', nouns: ['agent', 'signing-key'] },
  { heading: 'People', nouns: ['person', 'passkey', 'sign-in'] },
  { heading: 'Notifications', nouns: ['notification'] },
  { heading: 'Calibration', nouns: ['calibration'] },
  { heading: 'Red team', nouns: ['red-team'] },
  { heading: 'House', nouns: ['config', 'settings', 'retention', 'log', 'process'] },
];

/** The kinds of event, grouped as people look for them. A newer server's unknown kinds still show, ungrouped. */
export const EVENT_GROUPS: readonly { readonly heading: string; readonly types: readonly string[] }[] = HEADINGS.map(
  ({ heading, nouns }) => ({
    heading,
    types: AUDIT_EVENT_TYPES.filter((type) => nouns.includes(type.split('.')[0] ?? '')),
  }),
);

/** The kinds that begin and end what the kill switch stops. */
export const SWITCH_TURNS = 'kill.on,kill.off';

/** `call.refused` as `call refused`. */
export function eventWords(type: string): string {
  return type.replace('.', ' ').replaceAll('-', ' ');
}
