// Client-safe. Commands of stdio servers that people propose, and how the programs of a server run.
import { z } from 'zod';
import { idSchema, isoTimeSchema, nameSchema, reasonSchema } from './shared-shapes.ts';

/** One argument as the program gets it: no shell reads it, so it may hold anything but control characters. */
const argumentSchema = z
  .string()
  .min(1)
  .max(2000)
  .refine((text) => !/\p{Cc}/u.test(text), 'may not hold control characters');

/** POST /commands/proposals. The program must be on the host's list; nothing is started by proposing. */
export const commandProposeSchema = z.strictObject({
  name: nameSchema,
  argv: z.array(argumentSchema).min(1).max(64),
  reason: reasonSchema,
});
export type CommandPropose = z.infer<typeof commandProposeSchema>;

/** The password is asked for where one person alone proposes and approves. */
export const commandApproveSchema = z.strictObject({ password: z.string().max(1000).optional() });

export const commandProposalSchema = z.object({
  id: idSchema,
  name: z.string(),
  argv: z.array(z.string()),
  /** What stands under the name now; null: nothing. */
  argvBefore: z.array(z.string()).nullable(),
  reason: z.string(),
  proposedBy: z.string(),
  proposedAt: isoTimeSchema,
  proposedByMe: z.boolean(),
  /** From when its own author may approve it, alone; null: never. */
  aloneFrom: isoTimeSchema.nullable(),
  /** Servers whose pins the approval voids. */
  servers: z.array(z.string()),
});
export type CommandProposal = z.infer<typeof commandProposalSchema>;
export const commandProposalsSchema = z.object({
  items: z.array(commandProposalSchema),
  /** What the host lets approved commands start. */
  programs: z.array(z.string()),
});

/** GET /commands/running/<server>. `stderr` is text of whoever wrote the server, and null for all but admins. */
export const runningSchema = z.object({
  runner: z.enum(['up', 'down']),
  sandbox: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('bubblewrap'), version: z.string() }),
    z.object({ kind: z.literal('none'), why: z.string() }),
    z.object({ kind: z.literal('unknown') }),
  ]),
  sandboxMode: z.enum(['required', 'preferred']),
  command: z
    .object({
      argv: z.array(z.string()),
      writable: z.array(z.string()),
      source: z.enum(['host', 'approved']),
      /** `floating`: it names no exact version of its package. */
      version: z.enum(['local', 'exact', 'floating']),
    })
    .nullable(),
  package: z
    .object({
      name: z.string(),
      version: z.string(),
      /** Empty: what is installed cannot be told any more. */
      integrity: z.string(),
      acceptedIntegrity: z.string(),
      seenAt: isoTimeSchema,
    })
    .nullable(),
  limits: z.object({ memoryMiB: z.number(), processes: z.number(), cpuSeconds: z.number() }).nullable(),
  children: z.array(z.object({ pid: z.number(), startedAt: z.string(), rssMiB: z.number(), processes: z.number() })),
  crashes: z.number().int(),
  crashLoopUntil: z.string().nullable(),
  lastExit: z
    .object({
      at: z.string(),
      code: z.number().nullable(),
      signal: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
  stderr: z.string().nullable(),
});
export type Running = z.infer<typeof runningSchema>;

/** POST /commands/running/<server>/package: accepts exactly the content that was shown. */
export const packageAcceptSchema = z.strictObject({ integrity: z.string().min(1).max(200) });

/** POST /commands/running/<server>/proxy-credential: ends what its process goes out with. */
export const proxyCredentialEndSchema = z.strictObject({ reason: reasonSchema });

export const serverNameParams = z.object({ name: nameSchema });
