// Client-safe. What people say of the allowlist: new entries and changes.
import { z } from 'zod';
import { emailSchema, idSchema, isoTimeSchema, reasonSchema } from './shared-shapes.ts';

/** Whose destination it is: the gateway's own (upstream servers), notifications', an agent's or a stdio server's through the proxy. */
export const egressIdentitySchema = z
  .string()
  .regex(
    /^(?:gateway|notifications|(?:agent|server):[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)$/,
    'gateway, notifications, agent:<name> or server:<name>',
  );
/** SHA-256 of the server key's SubjectPublicKeyInfo, base64: what `openssl … | openssl dgst -sha256 -binary | base64` prints. */
export const tlsPinSchema = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'the SHA-256 of the public key, in base64');

/** What an allowlist entry says; `cidr` is required for private and loopback destinations. */
export const egressEntryInputSchema = z.strictObject({
  scheme: z.enum(['http', 'https']),
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  path: z.string().startsWith('/').max(1024).default('/'),
  cidr: z.string().max(64).nullable().default(null),
  reason: reasonSchema,
  expires: isoTimeSchema.nullable().default(null),
  /** Absent: the gateway. */
  identity: egressIdentitySchema.optional(),
  /** E-mail of who answers for it; absent: whoever adds it. */
  owner: emailSchema.optional(),
  tlsPin: tlsPinSchema.nullable().optional(),
  /** The credential whose certificate is shown to the other side. */
  clientCertificate: idSchema.nullable().optional(),
});
export type EgressEntryInput = z.infer<typeof egressEntryInputSchema>;

/** PATCH /egress/<id>: renew or end it (`expires`), say better why, hand it over. Where it leads is never changed. */
export const egressPatchSchema = z
  .strictObject({
    reason: reasonSchema.optional(),
    owner: emailSchema.optional(),
    expires: isoTimeSchema.nullable().optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'say what to change');
export type EgressPatch = z.infer<typeof egressPatchSchema>;

/** POST /egress/attempts/<id>/allow: lists what was refused, with a reason and an end. */
export const egressAllowSchema = z.strictObject({
  reason: reasonSchema,
  expires: isoTimeSchema,
  path: z.string().startsWith('/').max(1024).default('/'),
  cidr: z.string().max(64).nullable().default(null),
});
export type EgressAllow = z.infer<typeof egressAllowSchema>;
