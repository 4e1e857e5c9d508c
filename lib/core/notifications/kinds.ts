/** What somebody can be told of. Approvals by tier, so that each person chooses what may wake them. */
export const NOTICE_KINDS = [
  'approval-high',
  'approval-medium',
  'approval-low',
  'escalation',
  'expiry',
  'kill',
  'security',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const CHANNEL_KINDS = ['web-push', 'email', 'slack', 'webhook'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** Channels that reach one person each, by that person's own choice. The others reach a room or a machine. */
export const PERSONAL_CHANNELS = ['web-push', 'email'] as const;
export type PersonalChannel = (typeof PERSONAL_CHANNELS)[number];

export function isPersonalChannel(kind: ChannelKind): kind is PersonalChannel {
  return kind === 'web-push' || kind === 'email';
}

/**
 * waiting: to be sent · sending: a worker holds it · delivered · collapsed: told by the summary of another one ·
 * dropped: no longer of use, or its recipient is gone · dead: given up after the last try.
 */
export const DELIVERY_STATES = ['waiting', 'sending', 'delivered', 'collapsed', 'dropped', 'dead'] as const;
