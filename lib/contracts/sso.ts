// Client-safe. How people sign in: passwords on or off, and the OpenID provider.
import { z } from 'zod';
import { reasonSchema, roleSchema } from './shared-shapes.ts';

const groupSchema = z.string().trim().min(1).max(64);
/** Whoever the provider says is in `claim` gets these roles and groups; gone there, gone here. */
export const groupMappingSchema = z.strictObject({
  claim: z.string().trim().min(1).max(200),
  roles: z.array(roleSchema).default([]),
  groups: z.array(groupSchema).default([]),
});
export type GroupMapping = z.infer<typeof groupMappingSchema>;
export const groupMappingsSchema = z.array(groupMappingSchema).max(200);

/** An issuer as its tokens name it; plain http only on this machine, for tests. */
export const issuerSchema = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    const isBare = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    return isBare && (url.protocol === 'https:' || isHere);
  }, 'must be an https:// address without a query');
export const scopesSchema = z
  .string()
  .trim()
  .max(300)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scopes, separated by spaces')
  .refine((text) => text.split(' ').includes('openid'), 'must contain openid');
export const groupsClaimSchema = z.string().trim().min(1).max(200);
export const providerNameSchema = z.string().trim().min(1).max(60);

/** GET /api/v1/sso: everything but the secret, which nobody reads back. */
export const ssoSettingsSchema = z.object({
  /** `host`: the OIDC_ environment variables of the host decide, and the provider cannot be changed here. */
  source: z.enum(['host', 'settings', 'none']),
  enabled: z.boolean(),
  name: z.string(),
  issuer: z.string().nullable(),
  clientId: z.string().nullable(),
  hasSecret: z.boolean(),
  scopes: z.string(),
  groupsClaim: z.string(),
  redirectUri: z.string(),
  autoCreate: z.boolean(),
  mappings: groupMappingsSchema,
  passwords: z.enum(['on', 'off']),
  /** Why passwords cannot be switched off yet; null = they can. */
  passwordsBar: z.string().nullable(),
});
export type SsoSettings = z.infer<typeof ssoSettingsSchema>;

/** PATCH /api/v1/sso. `provider: null` removes it; a new provider is looked at before it is kept. */
export const ssoPatchSchema = z.strictObject({
  provider: z
    .strictObject({
      issuer: issuerSchema,
      clientId: z.string().trim().min(1).max(300),
      /** Absent = the one that is kept stays, if issuer and client stay. */
      clientSecret: z.string().min(1).max(1000).optional(),
      scopes: scopesSchema.optional(),
      groupsClaim: groupsClaimSchema.optional(),
      name: providerNameSchema.optional(),
    })
    .nullable()
    .optional(),
  autoCreate: z.boolean().optional(),
  mappings: groupMappingsSchema.optional(),
  passwords: z.enum(['on', 'off']).optional(),
  reason: reasonSchema,
});
export type SsoPatch = z.infer<typeof ssoPatchSchema>;
