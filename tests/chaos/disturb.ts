// What goes wrong in these tests: a process is gone from one instruction to the next, or the database hangs up on everybody.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Stack } from '#tests/fixtures/stack.ts';
import { eventually, roleProcess } from '#tests/start/launch.ts';

export const VICTIMS = ['gateway', 'console', 'worker', 'connections', 'database'] as const;
export type Victim = (typeof VICTIMS)[number];

/** Strikes one victim and returns when the supervisor has healed it and everything answers again. */
export async function strike(stack: Stack, victim: Victim): Promise<void> {
  switch (victim) {
    case 'gateway':
    case 'console':
    case 'worker': {
      const pid = await roleProcess(stack.dataDir, victim);
      process.kill(pid, 'SIGKILL');
      await roleProcess(stack.dataDir, victim, pid);
      break;
    }
    case 'connections':
      await hangUp(stack);
      break;
    case 'database': {
      const old = postmasterOf(stack.dataDir);
      process.kill(old, 'SIGKILL');
      // The old backends live on for some milliseconds and still answer; the new one starts only when they are gone.
      await eventually(() => ![old, 0].includes(postmasterOf(stack.dataDir)));
      break;
    }
  }
  await healed(stack);
}

/** Waits until the database answers, and with it the console and the gateway. */
export async function healed(stack: Pick<Stack, 'consoleUrl' | 'gatewayUrl' | 'prisma'>): Promise<void> {
  await eventually(() => stack.prisma.killHead.count().then(Boolean, () => false));
  for (const url of [stack.consoleUrl, stack.gatewayUrl]) {
    await eventually(() =>
      fetch(`${url}/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  }
}

/** The process id of the PostgreSQL server; of the last one, or 0, while none runs. */
export function postmasterOf(dataDir: string): number {
  const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
}

/** Ends every connection to the database but the test's, as a failing network or a restarted pooler does. */
async function hangUp(stack: Stack): Promise<void> {
  const client = new pg.Client({ connectionString: stack.url, application_name: 'chaos' });
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> $1`,
    [stack.databaseName],
  );
  await client.end();
}
