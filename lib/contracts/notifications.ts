// Client-safe. Notifications: channels, deliveries, who is on call.
// Secrets go in and never come out; addresses of Slack and webhooks count as secrets, because most carry a token.
import { z } from 'zod';
import { CHANNEL_KINDS, DELIVERY_STATES } from '#lib/core/notifications/kinds.ts';
import { egressEntryInputSchema } from './egress-input.ts';
import { noticeKindSchema } from './notice-shapes.ts';
import { idSchema, isoTimeSchema, pageOf, reasonSchema, tierSchema } from './shared-shapes.ts';

export const channelKindSchema = z.enum(CHANNEL_KINDS);
export const mailTlsSchema = z.enum(['implicit', 'starttls', 'none']);

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
