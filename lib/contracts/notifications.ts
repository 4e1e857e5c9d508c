// Client-safe. Notifications: channels, what each person wants, their browsers, deliveries, who is on call.
// Secrets go in and never come out; addresses of Slack and webhooks count as secrets, because most carry a token.
import { z } from 'zod';
import { CHANNEL_KINDS, DELIVERY_STATES, NOTICE_KINDS } from '#lib/core/notifications/kinds.ts';
import { egressEntryInputSchema } from './egress-input.ts';
import { emailSchema } from './people.ts';
import { idSchema, isoTimeSchema, nameSchema, pageOf, reasonSchema, tierSchema } from './shared-shapes.ts';

export const channelKindSchema = z.enum(CHANNEL_KINDS);
export const noticeKindSchema = z.enum(NOTICE_KINDS);

/** One line of printable ASCII: it goes to a server in a protocol of lines. */
const lineSchema = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'printable ASCII on one line');
const hostSchema = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9_.:-]+$/, 'a host name or an IP address');
const targetUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((url) => !/^[a-z]+:\/\/[^/?#]*@/i.test(url), 'no user name or password in the address');
/** Where a push service may write to somebody who is responsible (RFC 8292): it never reaches a reviewer. */
const contactSchema = z.union([
  z
    .string()
    .max(254)
    .regex(/^mailto:[^\s@<>"]+@[^\s@<>"]+$/, 'mailto: and an address'),
  z.url({ protocol: /^https$/ }).max(254),
]);
const mailTlsSchema = z.enum(['implicit', 'starttls', 'none']);

/** What an admin may set, secrets included. */
export const channelConfigInputSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('web-push'), contact: contactSchema }),
  z.strictObject({
    kind: z.literal('email'),
    host: hostSchema,
    port: z.number().int().min(1).max(65535),
    /** `none` only to a private or loopback address, and never with a password. */
    tls: mailTlsSchema,
    username: lineSchema.nullable().default(null),
    password: z.string().min(1).max(1024).optional(),
    from: emailSchema,
    perPersonPerHour: z.number().int().min(1).max(1000).default(30),
  }),
  z.strictObject({
    kind: z.literal('slack'),
    /** Either the address of an incoming webhook, or a bot token with the channel it writes to. */
    webhookUrl: targetUrlSchema.optional(),
    botToken: z
      .string()
      .max(512)
      .regex(/^xoxb-[A-Za-z0-9-]+$/, 'a bot token begins with xoxb-')
      .optional(),
    channel: z
      .string()
      .max(80)
      .regex(/^[#A-Za-z0-9_.-]+$/)
      .optional(),
    /** Of the Slack app: without it the interactivity endpoint answers nobody. */
    signingSecret: z
      .string()
      .max(256)
      .regex(/^[A-Za-z0-9]{16,}$/, 'the signing secret of the Slack app')
      .optional(),
  }),
  z.strictObject({ kind: z.literal('webhook'), url: targetUrlSchema }),
]);
export type ChannelConfigInput = z.infer<typeof channelConfigInputSchema>;

/**
 * POST /notifications. Where the allowlist does not cover the channel yet, the answer is 409 `egress-entry-needed` with
 * `needs: EgressEntryInput[]` (identity `notifications`); the same call with `addEgress: true` adds those in one
 * transaction. web-push and email are there once each.
 */
export const channelCreateSchema = z.strictObject({
  name: nameSchema,
  config: channelConfigInputSchema,
  /** What goes there. For web-push and email: what people may choose from. */
  kinds: z.array(noticeKindSchema).max(NOTICE_KINDS.length).optional(),
  addEgress: z.boolean().default(false),
  reason: reasonSchema,
});
export type ChannelCreate = z.infer<typeof channelCreateSchema>;

/** PATCH /notifications/<id>. `config` replaces the whole of it; a secret left out of it stays as it is. */
export const channelPatchSchema = z
  .strictObject({
    name: nameSchema.optional(),
    enabled: z.boolean().optional(),
    kinds: z.array(noticeKindSchema).max(NOTICE_KINDS.length).optional(),
    config: channelConfigInputSchema.optional(),
    /** Webhook: makes another signing secret, shown once in the answer. The old one signs beside it for a day. */
    newSecret: z.literal(true).optional(),
    addEgress: z.boolean().default(false),
    reason: reasonSchema,
  })
  .refine(
    (p) => [p.name, p.enabled, p.kinds, p.config, p.newSecret].some((v) => v !== undefined),
    'say what to change',
  );
export type ChannelPatch = z.infer<typeof channelPatchSchema>;
export const channelDeleteSchema = z.strictObject({ reason: reasonSchema });

/** The parts of a channel that are no secret. `origin` is scheme, host and port alone. */
export const channelConfigSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('web-push'), contact: z.string(), publicKey: z.string() }),
  z.object({
    kind: z.literal('email'),
    host: z.string(),
    port: z.number().int(),
    tls: mailTlsSchema,
    username: z.string().nullable(),
    hasPassword: z.boolean(),
    from: z.string(),
    perPersonPerHour: z.number().int(),
  }),
  z.object({
    kind: z.literal('slack'),
    via: z.enum(['webhook', 'bot']),
    origin: z.string(),
    channel: z.string().nullable(),
    hasSigningSecret: z.boolean(),
    /** What the Slack app's interactivity address must be. */
    interactivityUrl: z.string(),
  }),
  z.object({ kind: z.literal('webhook'), origin: z.string() }),
]);

export const channelViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: channelKindSchema,
  enabled: z.boolean(),
  kinds: z.array(noticeKindSchema),
  /** Null for people who are neither admin nor security. */
  config: channelConfigSchema.nullable(),
  /** The allowlist entries it needs and whether each is in force; a channel without them sends nothing. */
  egress: z.array(egressEntryInputSchema.extend({ listed: z.boolean() })),
  health: z.object({
    lastDeliveredAt: isoTimeSchema.nullable(),
    lastErrorAt: isoTimeSchema.nullable(),
    /** Our own sentence; never what the other side said, word for word. */
    lastError: z.string().nullable(),
    waiting: z.number().int(),
    dead: z.number().int(),
  }),
  createdAt: isoTimeSchema,
  createdBy: z.string().nullable(),
});
export type ChannelView = z.infer<typeof channelViewSchema>;
export const channelsListSchema = z.object({ items: z.array(channelViewSchema) });
export type ChannelsList = z.infer<typeof channelsListSchema>;
/** `secret` is a webhook's `whsec_…`, shown once: when the channel is made, and when a new one is asked for. */
export const channelSavedSchema = channelViewSchema.extend({ secret: z.string().nullable() });
export type ChannelSaved = z.infer<typeof channelSavedSchema>;
/** POST /notifications/<id>/test and /notifications/subscriptions/<id>/test: sent at once, tried once. */
export const channelTestSchema = z.object({ ok: z.boolean(), detail: z.string() });
export type ChannelTest = z.infer<typeof channelTestSchema>;

const clockTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes, such as 22:30');
/** From and to in the person's own zone; `to` before `from` reaches into the next day. `days`: of the start, 0 = Sunday. */
export const quietHoursSchema = z.strictObject({
  from: clockTimeSchema,
  to: clockTimeSchema,
  timeZone: z.string().min(1).max(64).refine(isTimeZone, 'a time zone such as Europe/Berlin'),
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;
const chosenSchema = z.record(noticeKindSchema, z.boolean());
/** PATCH /notifications/preferences: the whole of it, of whoever asks. */
export const preferencesInputSchema = z.strictObject({
  chosen: z.strictObject({ 'web-push': chosenSchema, email: chosenSchema }),
  quietHours: quietHoursSchema.nullable(),
  /** High-tier approvals come through in quiet hours. Whoever is on call is always told. */
  highBreaksThrough: z.boolean(),
});
export type PreferencesInput = z.infer<typeof preferencesInputSchema>;
export const preferencesSchema = preferencesInputSchema.extend({
  /** Whether there is a channel to choose for; `publicKey` is the applicationServerKey of a subscription. */
  webPush: z.object({ available: z.boolean(), publicKey: z.string().nullable(), subscriptions: z.number().int() }),
  email: z.object({ available: z.boolean(), address: z.string() }),
  onCallFor: z.array(z.string()),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const base64Url = (bytes: number) =>
  z.string().refine((text) => /^[A-Za-z0-9_-]+$/.test(text) && Math.floor((text.length * 3) / 4) === bytes, {
    message: `${bytes} bytes in base64url`,
  });
/** POST /notifications/subscriptions: what `PushSubscription.toJSON()` gives. The endpoint is untrusted. */
export const subscriptionInputSchema = z.object({
  endpoint: targetUrlSchema,
  keys: z.strictObject({ p256dh: base64Url(65), auth: base64Url(16) }),
  expirationTime: z.number().nullable().optional(),
  /** How its owner tells it from others: "Firefox on the laptop". */
  device: z.string().trim().min(1).max(80).default('Browser'),
});
export type SubscriptionInput = z.infer<typeof subscriptionInputSchema>;
export const subscriptionSchema = z.object({
  id: idSchema,
  device: z.string(),
  /** The push service alone: the rest of the endpoint is a secret. */
  service: z.string(),
  createdAt: isoTimeSchema,
  lastDeliveredAt: isoTimeSchema.nullable(),
  lastError: z.string().nullable(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;
export const subscriptionsListSchema = z.object({ items: z.array(subscriptionSchema) });

export const deliveryStateSchema = z.enum(DELIVERY_STATES);
export const deliverySchema = z.object({
  id: idSchema,
  channelId: idSchema,
  channel: z.string(),
  channelKind: channelKindSchema,
  kind: noticeKindSchema,
  tier: tierSchema.nullable(),
  /** The title as it was sent: names in it are escaped. */
  title: z.string(),
  /** E-mail of whom it is for; null: a room or a machine. */
  recipient: z.string().nullable(),
  requestId: idSchema.nullable(),
  state: deliveryStateSchema,
  attempts: z.number().int(),
  createdAt: isoTimeSchema,
  /** When it is due; later than its making where quiet hours, a cap or a pause holds it back. */
  dueAt: isoTimeSchema,
  lastAttemptAt: isoTimeSchema.nullable(),
  deliveredAt: isoTimeSchema.nullable(),
  /** Why it waits, was dropped or failed; our own sentence. */
  why: z.string().nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;
export const deliveriesQuerySchema = z.object({
  state: deliveryStateSchema.optional(),
  channel: idSchema.optional(),
  cursor: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type DeliveriesQuery = z.infer<typeof deliveriesQuerySchema>;
export const deliveriesPageSchema = pageOf(deliverySchema).extend({ serverTime: isoTimeSchema });
export type DeliveriesPage = z.infer<typeof deliveriesPageSchema>;

/** The group `*` is for requests that any reviewer may decide. */
const onCallGroupSchema = z.string().min(1).max(64);
/** POST /notifications/on-call: the order of one group; without people it is taken away. */
export const onCallInputSchema = z.strictObject({
  group: onCallGroupSchema,
  people: z
    .array(idSchema)
    .max(50)
    .refine((ids) => new Set(ids).size === ids.length, 'each person once'),
  /** The next one is told after so many minutes in which nobody claimed or decided. */
  nextAfterMinutes: z.number().int().min(1).max(240).default(5),
  /** The list moves on by one each so many hours; null: it stays. */
  rotateEveryHours: z.number().int().min(1).max(672).nullable().default(null),
  reason: reasonSchema,
});
export type OnCallInput = z.infer<typeof onCallInputSchema>;
export const onCallOrderSchema = z.object({
  group: z.string(),
  /** In the order of the list; `first` is who is told first now. */
  people: z.array(z.object({ id: idSchema, name: z.string(), email: z.string() })),
  first: idSchema.nullable(),
  nextAfterMinutes: z.number().int(),
  rotateEveryHours: z.number().int().nullable(),
  rotatesAt: isoTimeSchema.nullable(),
  changedAt: isoTimeSchema,
  changedBy: z.string().nullable(),
});
export type OnCallOrder = z.infer<typeof onCallOrderSchema>;
export const onCallListSchema = z.object({ items: z.array(onCallOrderSchema) });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name);
  } catch {
    return false;
  }
}
