// Client-safe. Upstream credentials. A secret goes in and never comes out: no answer has a member for one.
import { z } from 'zod';
import { CREDENTIAL_KINDS, SECRET_STATES } from '#lib/core/credentials/kinds.ts';
import { isSecretVariable, isUsableVariable } from '#lib/core/credentials/variable-names.ts';
import { idSchema, isoTimeSchema, nameSchema, reasonSchema } from './shared-shapes.ts';

export const credentialKindSchema = z.enum(CREDENTIAL_KINDS);
export const credentialStatusSchema = z.enum(['active', 'ending', 'ended', 'retired', 'failed']);
export type CredentialStatus = z.infer<typeof credentialStatusSchema>;

/** Printable ASCII without spaces at its ends: it becomes a header or a variable. */
const secretSchema = z
  .string()
  .min(8, 'at least 8 characters')
  .max(32_768)
  .regex(/^[\x21-\x7e]([\x20-\x7e\n\r]*[\x21-\x7e\n\r])?$/, 'printable ASCII only');
const headerNameSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)
  .refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()), 'this header is the gateway’s own');
/** Headers that carry the message itself; a credential in one of them would change what is sent, or to whom. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'accept',
  'cookie',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'forwarded',
  'mcp-session-id',
  'mcp-protocol-version',
]);
const variableSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'upper-case letters, digits and _')
  .refine(isUsableVariable, 'this variable decides what the program runs or reaches');
const plainText = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x20-\x7e]+$/);
/** PEM, the certificate first and whatever leads to its authority after it. Public: never a place for a key. */
const certificateSchema = z
  .string()
  .max(32_768)
  .regex(
    /^\s*(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,16384}-----END CERTIFICATE-----\s*){1,8}$/,
    'certificates in PEM, and nothing else',
  );
const tokenUrlSchema = z.url().max(2048);
const oauthFields = {
  tokenUrl: tokenUrlSchema,
  clientId: plainText,
  /** `private_key_jwt`: we make the key, and its public half is shown to be registered. */
  clientAuth: z.enum(['client_secret_basic', 'private_key_jwt']),
  scope: plainText.optional(),
  resource: z.url().max(2048).optional(),
  audience: plainText.optional(),
};

export const credentialConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bearer') }),
  z.strictObject({ kind: z.literal('header'), header: headerNameSchema }),
  z.strictObject({ kind: z.literal('env'), variable: variableSchema }),
  z.strictObject({ kind: z.literal('basic'), username: plainText.refine((name) => !name.includes(':')) }),
  z.strictObject({ kind: z.literal('oauth-client-credentials'), ...oauthFields }),
  z.strictObject({
    kind: z.literal('token-exchange'),
    ...oauthFields,
    /** What is exchanged: an assertion that we sign for the server, or a token that the client got for itself. Never a human's. */
    subject: z.enum(['assertion', 'client-credentials']).default('assertion'),
  }),
  /** The secret is its private key; its end is the certificate's own. */
  z.strictObject({ kind: z.literal('client-certificate'), certificate: certificateSchema }),
]);
export type CredentialConfig = z.infer<typeof credentialConfigSchema>;

export const rotationHookSchema = z.strictObject({ kind: z.literal('webhook'), url: z.url().max(2048) });

export const credentialCreateSchema = z.strictObject({
  name: nameSchema,
  /** Id or name of the one server it is for. */
  server: z.string().min(1).max(64),
  /** Of the variables only those that are called like secrets; the host's own file may name others. */
  config: credentialConfigSchema.refine((config) => config.kind !== 'env' || isSecretVariable(config.variable), {
    path: ['variable'],
    message: 'the name ends in _TOKEN, _KEY, _SECRET, _PASSWORD, _PASS, _PAT or _CREDENTIALS',
  }),
  /** Absent with private_key_jwt only. */
  secret: secretSchema.optional(),
  /** Mandatory for bearer, header and env, and for what is recognised as a personal token: at most 90 days away. */
  endsAt: isoTimeSchema.optional(),
  overlapMinutes: z.number().int().min(0).max(1440).default(10),
  rotateEveryDays: z.number().int().min(1).max(365).optional(),
  reason: reasonSchema,
});
export type CredentialCreate = z.infer<typeof credentialCreateSchema>;

/** Without a secret: a new key of private_key_jwt is made, or, where one waits, it is tried and taken into use. */
export const credentialRotateSchema = z.strictObject({
  secret: secretSchema.optional(),
  /** The next client certificate; the secret is its key. */
  certificate: certificateSchema.optional(),
  reason: reasonSchema,
});
export type CredentialRotate = z.infer<typeof credentialRotateSchema>;

export const credentialPatchSchema = z.strictObject({
  endsAt: isoTimeSchema.optional(),
  overlapMinutes: z.number().int().min(0).max(1440).optional(),
  rotateEveryDays: z.number().int().min(1).max(365).nullable().optional(),
  hook: rotationHookSchema.nullable().optional(),
  reason: reasonSchema,
});
export type CredentialPatch = z.infer<typeof credentialPatchSchema>;

export const credentialRetireSchema = z.strictObject({ reason: reasonSchema });
/** Binds it to what the server is now; the hash is that of the address or command that the human saw. */
export const credentialConfirmSchema = z.strictObject({ configHash: z.string().min(1).max(128), reason: reasonSchema });

const publicJwkSchema = z.record(z.string(), z.string());

/** A credential as the console shows it. Names, addresses and errors in it are text that others wrote. */
export const credentialViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  server: z.string(),
  serverId: idSchema,
  kind: credentialKindSchema,
  status: credentialStatusSchema,
  /** Everything about it that is no secret; `publicJwk` is what the authorisation server must know of our key. */
  publicConfig: z.record(z.string(), z.string()),
  publicJwk: publicJwkSchema.nullable(),
  /** The public half of a key that waits to be registered and taken into use. */
  nextPublicJwk: publicJwkSchema.nullable(),
  createdAt: isoTimeSchema,
  createdBy: z.string().nullable(),
  rotatedAt: isoTimeSchema.nullable(),
  endsAt: isoTimeSchema.nullable(),
  ageDays: z.number().int(),
  daysLeft: z.number().int().nullable(),
  lastUsedAt: isoTimeSchema.nullable(),
  overlapMinutes: z.number().int(),
  rotateEveryDays: z.number().int().nullable(),
  nextRotationAt: isoTimeSchema.nullable(),
  hook: z.object({ kind: z.enum(['webhook', 'command']), url: z.string().nullable() }).nullable(),
  lastError: z.string().nullable(),
  versions: z.array(
    z.object({
      version: z.number().int(),
      state: z.enum(SECRET_STATES),
      createdAt: isoTimeSchema,
      notAfter: isoTimeSchema.nullable(),
    }),
  ),
  /** Long-lived: to be replaced, with an end that cannot be moved past 90 days from its making. */
  migrationOnly: z.boolean(),
  /** What kind of personal token it was recognised as, where it was. */
  personalToken: z.string().nullable(),
  /** False: the server's address or command is another than the one it was given for; nothing is sent until it is confirmed. */
  bound: z.boolean(),
  /** What the server is now, to confirm. */
  serverConfigHash: z.string(),
  usedBy: z.array(z.string()),
});
export type CredentialView = z.infer<typeof credentialViewSchema>;
export const credentialsListSchema = z.object({ items: z.array(credentialViewSchema), serverTime: isoTimeSchema });
export type CredentialsList = z.infer<typeof credentialsListSchema>;
/** `hookSecret` is shown once, when a webhook is set: the receiver checks our signature with it. */
export const credentialPatchedSchema = credentialViewSchema.extend({ hookSecret: z.string().nullable() });
export const credentialTestSchema = z.object({
  ok: z.boolean(),
  tools: z.number().int().nullable(),
  detail: z.string(),
});
export type CredentialTest = z.infer<typeof credentialTestSchema>;
