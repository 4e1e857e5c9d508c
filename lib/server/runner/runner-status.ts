// Client-safe shapes. What the runner tells about itself and about the children of one server.
import { z } from 'zod';

const sandboxStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bubblewrap'), version: z.string() }),
  /** `why` is our own sentence. */
  z.object({ kind: z.literal('none'), why: z.string() }),
]);

export const runnerStatusSchema = z.object({
  sandbox: sandboxStateSchema,
  /** `required`: without a sandbox no child is started. */
  sandboxMode: z.enum(['required', 'preferred']),
  limits: z.object({ memoryMiB: z.number(), processes: z.number(), cpuSeconds: z.number() }),
  children: z.array(z.object({ pid: z.number(), startedAt: z.string(), rssMiB: z.number(), processes: z.number() })),
  crashes: z.number().int(),
  /** Refused until then because it keeps crashing. */
  crashLoopUntil: z.string().nullable(),
  lastExit: z
    .object({
      at: z.string(),
      code: z.number().nullable(),
      signal: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
  /** The last of what its processes wrote to stderr, redacted. Text of whoever wrote the server. */
  stderr: z.string(),
});
export type RunnerStatus = z.infer<typeof runnerStatusSchema>;
