// Server-only. The shape of countersign.yaml. Unknown members are refused: a typo must not be a rule that never applies.
import { z } from 'zod';
import { credentialConfigSchema } from '#lib/contracts/credentials.ts';
import { onFirstSeenSchema } from '#lib/contracts/egress.ts';
import { egressIdentitySchema, tlsPinSchema } from '#lib/contracts/egress-input.ts';
import { groupNameSchema } from '#lib/contracts/groups.ts';
import {
  actionClassSchema,
  emailSchema,
  holdProfileSchema,
  nameSchema,
  reasonSchema,
  roleSchema,
  tierSchema,
} from '#lib/contracts/shared-shapes.ts';
import { policyInFileSchema } from './policy-file.ts';

const status = z.enum(['active', 'disabled']).optional();

const personSchema = z.strictObject({
  email: emailSchema,
  roles: z.array(roleSchema).min(1),
  groups: z.array(z.string().min(1).max(64)).optional(),
  status,
});

const tagSchema = z.strictObject({
  tier: tierSchema.optional(),
  class: actionClassSchema.optional(),
  reason: reasonSchema,
});
const declaredToolSchema = z.strictObject({
  class: actionClassSchema,
  tier: tierSchema.optional(),
  description: z.string().max(2000).optional(),
  reason: z.string().max(500).optional(),
});
const commonServer = {
  name: nameSchema,
  tier: tierSchema.optional(),
  description: z.string().max(500).optional(),
  status,
};
const discovered = { accept: z.boolean().optional(), tools: z.record(z.string(), tagSchema).optional() };
const serverSchema = z.discriminatedUnion('transport', [
  z.strictObject({ ...commonServer, ...discovered, transport: z.literal('http'), url: z.url() }),
  z.strictObject({
    ...commonServer,
    ...discovered,
    transport: z.literal('stdio'),
    command: z.array(z.string().min(1)).min(1).max(64),
    /** Folders that it may write to, inside a sandbox as well. Only this file names any. */
    writable: z.array(z.string().startsWith('/')).max(16).optional(),
  }),
  z.strictObject({
    ...commonServer,
    transport: z.literal('external'),
    tools: z.record(z.string().min(1).max(128), declaredToolSchema),
  }),
]);

const agentSchema = z.strictObject({
  name: nameSchema,
  owner: emailSchema,
  client: holdProfileSchema.optional(),
  requestTimeoutMs: z.number().int().min(1000).max(86_400_000).nullable().optional(),
  pendingCap: z.number().int().min(1).max(1000).optional(),
  servers: z.array(nameSchema).optional(),
  aggregate: z.boolean().optional(),
  /** Public keys, each a JWK; one that is there already stays, one that is not named is left alone. */
  keys: z.array(z.record(z.string(), z.json())).max(8).optional(),
});

const egressSchema = z.strictObject({
  scheme: z.enum(['http', 'https']),
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  path: z.string().startsWith('/').optional(),
  cidr: z.string().optional(),
  identity: egressIdentitySchema.optional(),
  owner: emailSchema.optional(),
  tlsPin: tlsPinSchema.optional(),
  /** Name of the credential. */
  clientCertificate: nameSchema.optional(),
  reason: reasonSchema,
  expires: z.union([z.iso.date(), z.iso.datetime()], { error: 'a date such as 2027-06-30' }).optional(),
});

const egressIdentityInFileSchema = z.strictObject({ identity: egressIdentitySchema, onFirstSeen: onFirstSeenSchema });

/** Where the secret lies on the host. Never the secret itself: the file is read by many, and kept in version control. */
const credentialInFileSchema = z.strictObject({
  name: nameSchema,
  server: nameSchema,
  config: credentialConfigSchema,
  fromFile: z.string().min(1).optional(),
  fromEnv: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .optional(),
  ends: z.union([z.iso.date(), z.iso.datetime()], { error: 'a date such as 2027-06-30' }).optional(),
  overlapMinutes: z.number().int().min(0).max(1440).optional(),
  rotateEveryDays: z.number().int().min(1).max(365).optional(),
  rotate: z
    .union([
      z.strictObject({ webhook: z.url() }),
      z.strictObject({ command: z.array(z.string().min(1)).min(1).max(64) }),
    ])
    .optional(),
  reason: reasonSchema,
});

const groupInFileSchema = z.strictObject({
  name: groupNameSchema,
  members: z.array(emailSchema).max(500),
});

/** Null: for ever. A file can only say it; two people decide it. */
const retentionInFileSchema = z.strictObject({ payloadDays: z.number().int().min(30).max(3650).nullable() });

/** countersign.yaml. What is absent is left alone; what is named is made so, so nothing may be named twice. */
export const configFileSchema = z
  .strictObject({
    version: z.literal(1),
    people: z.array(personSchema).optional(),
    groups: z.array(groupInFileSchema).optional(),
    retention: retentionInFileSchema.optional(),
    servers: z.array(serverSchema).optional(),
    agents: z.array(agentSchema).optional(),
    credentials: z.array(credentialInFileSchema).optional(),
    policies: z.array(policyInFileSchema).optional(),
    egress: z.array(egressSchema).optional(),
    egressIdentities: z.array(egressIdentityInFileSchema).optional(),
  })
  .superRefine((file, context) => {
    const lists = {
      people: file.people?.map((one) => one.email),
      groups: file.groups?.map((one) => one.name),
      servers: file.servers?.map((one) => one.name),
      agents: file.agents?.map((one) => one.name),
      credentials: file.credentials?.map((one) => one.name),
      policies: file.policies?.map((one) => one.name),
      egressIdentities: file.egressIdentities?.map((one) => one.identity),
    };
    for (const [list, names] of Object.entries(lists)) {
      names?.forEach((name, index) => {
        if (names.indexOf(name) === index) return;
        context.addIssue({ code: 'custom', path: [list, index], message: `${name} is there twice.` });
      });
    }
    // Said twice and differently, the file would never come to rest.
    file.groups?.forEach(({ name, members }, index) => {
      for (const person of file.people ?? []) {
        if (person.groups === undefined || person.groups.includes(name) === members.includes(person.email)) continue;
        const message = `${person.email} is ${person.groups.includes(name) ? 'in' : 'not in'} ${name} by people, and otherwise here.`;
        context.addIssue({ code: 'custom', path: ['groups', index, 'members'], message });
      }
    });
  });
export type ConfigFile = z.infer<typeof configFileSchema>;
export type ServerInFile = NonNullable<ConfigFile['servers']>[number];
export type EgressInFile = NonNullable<ConfigFile['egress']>[number];
export type EgressIdentityInFile = NonNullable<ConfigFile['egressIdentities']>[number];
export type CredentialInFile = NonNullable<ConfigFile['credentials']>[number];
