import type { Database } from '#lib/server/db/prisma.ts';
import type { Env } from '#lib/server/env.ts';
import type { Keys } from '#lib/server/keys/load-keys.ts';

/** What the demo gets once everything runs. */
export type DemoContext = {
  readonly prisma: Database;
  readonly keys: Keys;
  readonly env: Env;
  readonly root: string;
  /** Prints one line where the operator looks. */
  readonly say: (line: string) => void;
};

/** What the supervisor calls when it drains: everything the demo started must be gone afterwards. */
export type RunningDemo = { stop(): Promise<void> };
