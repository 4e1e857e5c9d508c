import type { Delivery } from '#lib/contracts/notifications.ts';
import type { ChannelKind, NoticeKind } from '#lib/core/notifications/kinds.ts';

/** What somebody can be told of, as people say it. */
export const NOTICE_WORDS: Readonly<Record<NoticeKind, { readonly word: string; readonly hint: string }>> = {
  'approval-high': { word: 'High-tier approvals', hint: 'A call with code, infrastructure or secrets waits for you.' },
  'approval-medium': { word: 'Medium-tier approvals', hint: 'A call that changes something waits for you.' },
  'approval-low': { word: 'Low-tier approvals', hint: 'Only where a rule holds reads.' },
  escalation: { word: 'Escalations', hint: 'Nobody decided in time, and now you are asked too.' },
  expiry: { word: 'About to expire', hint: 'A request that you may decide ends in a few minutes, denied.' },
  kill: { word: 'Kill switch', hint: 'Somebody stopped tools, or asks to restore them.' },
  security: { word: 'Security', hint: 'Break-glass, credentials about to end, refused attempts.' },
};

export const CHANNEL_WORDS: Readonly<Record<ChannelKind, string>> = {
  'web-push': 'Web push',
  email: 'E-mail',
  slack: 'Slack',
  webhook: 'Webhook',
};

export const DELIVERY_WORDS: Readonly<Record<Delivery['state'], string>> = {
  waiting: 'Waiting',
  sending: 'Being sent',
  delivered: 'Delivered',
  collapsed: 'Told with another',
  dropped: 'Not needed',
  dead: 'Given up',
};

export const DAY_WORDS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
