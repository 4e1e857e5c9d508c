// Server-only. What the worker does for notifications: writes the outbox and empties it.
import type { Database } from '../db/prisma.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { callNext } from '../notifications/call-next.ts';
import { createDispatcher } from '../notifications/dispatcher.ts';
import { forgetDeliveries } from '../notifications/forget-deliveries.ts';
import { tellOfEvents, tellOfExpiry } from '../notifications/tell.ts';
import type { Step } from './repeat.ts';

export type NotificationSteps = { readonly steps: readonly Step[]; readonly close: () => Promise<void> };

type Options = {
  readonly prisma: Database;
  readonly keys: Keys;
  readonly log: Log;
  /** Where links lead; a worker that does not know it notifies nobody. */
  readonly consoleUrl: string | undefined;
};

export function notificationSteps({ prisma, keys, log, consoleUrl }: Options): NotificationSteps {
  if (consoleUrl === undefined) return { steps: [], close: async () => undefined };
  const dispatcher = createDispatcher({ prisma, keys, log, consoleUrl });
  const endsLookedAt = new Map<string, number>();
  return {
    steps: [
      { name: 'tell-of-events', everyMs: 1_000, run: () => tellOfEvents(prisma) },
      { name: 'tell-of-expiry', everyMs: 5_000, run: () => tellOfExpiry(prisma, endsLookedAt) },
      { name: 'call-next', everyMs: 5_000, run: () => callNext(prisma) },
      { name: 'send-notifications', everyMs: 1_000, run: () => dispatcher.run() },
      { name: 'forget-deliveries', everyMs: 3_600_000, run: () => forgetDeliveries(prisma) },
    ],
    close: () => dispatcher.close(),
  };
}
