// Client-safe. What an admin sets of a channel, secrets included: it goes in and never comes out.
import { z } from 'zod';
import { NOTICE_KINDS } from '#lib/core/notifications/kinds.ts';
import { noticeKindSchema, targetUrlSchema } from './notice-shapes.ts';
import { mailTlsSchema } from './notifications.ts';
import { emailSchema, nameSchema, reasonSchema } from './shared-shapes.ts';

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
/** Where a push service may write to somebody who is responsible (RFC 8292): it never reaches a reviewer. */
const contactSchema = z.union([
  z
    .string()
    .max(254)
    .regex(/^mailto:[^\s@<>"]+@[^\s@<>"]+$/, 'mailto: and an address'),
  z.url({ protocol: /^https$/ }).max(254),
]);

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
