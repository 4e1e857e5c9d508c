// Server-only. When a credential was last used and what went wrong with it, written in gulps beside the calls.
import type { Database } from '../db/prisma.ts';
import type { Log } from '../log.ts';

export type UseBook = {
  used(credentialId: string): void;
  failed(credentialId: string, error: string): void;
  close(): Promise<void>;
};

const FLUSH_MS = 5_000;

/** Keeps at most one note per credential between two writes, so that a call costs a set entry and no query. */
export function createUseBook(prisma: Database, log: Log): UseBook {
  const notes = new Map<string, string | null>();
  let last: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    const batch = [...notes];
    notes.clear();
    for (const [id, error] of batch) {
      if (error === null) {
        await prisma.$executeRaw`UPDATE credentials SET last_used_at = clock_timestamp(), last_error = NULL WHERE id = ${id}::uuid`;
      } else {
        await prisma.$executeRaw`UPDATE credentials SET last_error = ${error} WHERE id = ${id}::uuid AND retired_at IS NULL`;
      }
    }
  }
  const write = () => {
    if (notes.size === 0) return;
    last = last.then(flush).catch((error: unknown) => log.warn({ err: error }, 'uses of credentials were not noted'));
  };
  const timer = setInterval(write, FLUSH_MS);
  timer.unref();
  return {
    used: (id) => notes.set(id, null),
    failed: (id, error) => notes.set(id, error),
    close: async () => {
      clearInterval(timer);
      write();
      await last;
    },
  };
}
