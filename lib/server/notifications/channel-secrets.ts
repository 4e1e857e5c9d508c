// Server-only. What of a channel is a secret, sealed under the data root and bound to the channel's id.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Keys } from '../keys/load-keys.ts';
import { open, seal } from '../keys/seal.ts';

export const channelSecretsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('web-push'), privateKey: z.string() }),
  z.object({ kind: z.literal('email'), password: z.string().nullable() }),
  z.object({
    kind: z.literal('slack'),
    webhookUrl: z.string().nullable(),
    botToken: z.string().nullable(),
    signingSecret: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('webhook'),
    url: z.string(),
    secret: z.string(),
    /** Signs beside the new one for a day, so that a receiver can be changed without losing a message. */
    previous: z.object({ secret: z.string(), untilMs: z.number() }).nullable(),
  }),
]);
export type ChannelSecrets = z.infer<typeof channelSecretsSchema>;

type Root = Pick<Keys, 'masterKey'>;

export function sealChannelSecrets(keys: Root, channelId: string, secrets: ChannelSecrets): Uint8Array<ArrayBuffer> {
  return new Uint8Array(seal(keys.masterKey, JSON.stringify(secrets), placeOf(channelId)));
}

/** Throws for another installation's keys, another channel's row or a changed byte. */
export function openChannelSecrets(keys: Root, channelId: string, sealed: Uint8Array): ChannelSecrets {
  return channelSecretsSchema.parse(JSON.parse(open(keys.masterKey, sealed, placeOf(channelId)).toString('utf8')));
}

/** A signing secret in the form that receivers' libraries take. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

const placeOf = (channelId: string) => `notification-channel/v1\n${channelId}`;
