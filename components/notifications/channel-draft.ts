import { type ChannelConfigInput, channelConfigInputSchema } from '#lib/contracts/channel-input.ts';
import type { ChannelView } from '#lib/contracts/notifications.ts';
import type { ChannelKind } from '#lib/core/notifications/kinds.ts';

/** The fields of a channel's form, as typed. One flat set: what another kind does not use stays empty. */
export type ChannelDraft = Readonly<Record<DraftField, string>>;
export type DraftField =
  | 'contact'
  | 'host'
  | 'port'
  | 'tls'
  | 'username'
  | 'password'
  | 'from'
  | 'perHour'
  | 'webhookUrl'
  | 'botToken'
  | 'room'
  | 'signingSecret'
  | 'url';

const EMPTY: ChannelDraft = {
  contact: '',
  host: '',
  port: '587',
  tls: 'starttls',
  username: '',
  password: '',
  from: '',
  perHour: '30',
  webhookUrl: '',
  botToken: '',
  room: '',
  signingSecret: '',
  url: '',
};

/** The form of a new channel (null), or of one that is there: its secrets begin empty, and empty they stay as they are. */
export function draftOf(config: ChannelView['config']): ChannelDraft {
  if (config === null) return EMPTY;
  switch (config.kind) {
    case 'web-push':
      return { ...EMPTY, contact: config.contact };
    case 'email':
      return {
        ...EMPTY,
        host: config.host,
        port: String(config.port),
        tls: config.tls,
        username: config.username ?? '',
        from: config.from,
        perHour: String(config.perPersonPerHour),
      };
    case 'slack':
      return { ...EMPTY, room: config.channel ?? '' };
    case 'webhook':
      return EMPTY;
  }
}

/** What the form says, in the shape that the server takes; null while something is missing or wrong. */
export function configOf(kind: ChannelKind, draft: ChannelDraft): ChannelConfigInput | null {
  const parsed = channelConfigInputSchema.safeParse(rawConfig(kind, draft));
  return parsed.success ? parsed.data : null;
}

function rawConfig(kind: ChannelKind, draft: ChannelDraft): unknown {
  switch (kind) {
    case 'web-push':
      return { kind, contact: draft.contact.includes(':') ? draft.contact : `mailto:${draft.contact}` };
    case 'email':
      return {
        kind,
        host: draft.host.trim(),
        port: Number(draft.port),
        tls: draft.tls,
        username: draft.username === '' ? null : draft.username,
        ...some('password', draft.password),
        from: draft.from.trim(),
        perPersonPerHour: Number(draft.perHour),
      };
    case 'slack':
      return {
        kind,
        ...some('webhookUrl', draft.webhookUrl.trim()),
        ...some('botToken', draft.botToken.trim()),
        ...some('channel', draft.room.trim()),
        ...some('signingSecret', draft.signingSecret.trim()),
      };
    case 'webhook':
      return { kind, url: draft.url.trim() };
  }
}

function some(name: string, text: string): Readonly<Record<string, string>> {
  return text === '' ? {} : { [name]: text };
}
