import { Hash, type LucideIcon, Mail, MonitorSmartphone, Webhook } from 'lucide-react';
import type { ChannelKind } from '#lib/core/notifications/kinds.ts';

/** Each kind's sign; the word stands beside it. */
export const CHANNEL_ICONS: Readonly<Record<ChannelKind, LucideIcon>> = {
  'web-push': MonitorSmartphone,
  email: Mail,
  slack: Hash,
  webhook: Webhook,
};
