/** The kinds of event, grouped as people look for them. The server's own list may be longer; unknown kinds still show. */
export const EVENT_GROUPS: readonly { readonly heading: string; readonly types: readonly string[] }[] = [
  { heading: 'Calls', types: ['call.intent', 'call.outcome', 'call.refused'] },
  {
    heading: 'Requests',
    types: [
      'request.opened',
      'request.attached',
      'request.approved',
      'request.denied',
      'request.expired',
      'request.withdrawn',
      'request.superseded',
      'request.killed',
      'request.consumed',
      'request.expired-unused',
      'request.revoked',
      'request.finished',
      'request.unknown-outcome',
    ],
  },
  { heading: 'Votes', types: ['vote.cast', 'vote.refused'] },
  { heading: 'Kill switch', types: ['kill.on', 'kill.restore-opened', 'kill.off'] },
  {
    heading: 'Servers and tools',
    types: [
      'server.added',
      'server.changed',
      'server.scanned',
      'server.disabled',
      'server.enabled',
      'tool.accepted',
      'tool.tagged',
      'tool.drifted',
    ],
  },
  { heading: 'Egress', types: ['egress.added', 'egress.removed', 'egress.denied'] },
  {
    heading: 'Agents',
    types: [
      'agent.created',
      'agent.changed',
      'agent.rotated',
      'agent.revoked',
      'agent.token-issued',
      'agent.token-revoked',
    ],
  },
  {
    heading: 'People',
    types: [
      'person.set-up',
      'person.invited',
      'person.changed',
      'person.signed-in',
      'person.signed-out',
      'person.sign-in-failed',
      'person.password-reset',
    ],
  },
  { heading: 'House', types: ['config.applied', 'log.started', 'log.unreadable', 'log.exported', 'process.started'] },
];

/** `call.refused` as `call refused`. */
export function eventWords(type: string): string {
  return type.replace('.', ' ').replaceAll('-', ' ');
}
