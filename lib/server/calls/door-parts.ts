// Server-only. What the steps work with; made once per process by `startDoor`.
import type pg from 'pg';
import type { KnownSecrets } from '../credentials/known-secrets.ts';
import type { GrantBook } from '../grants/grant-book.ts';
import type { GrantSpender } from '../grants/grant-spender.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { AuditWriter } from './audit-writer.ts';
import type { ReachCheck } from './check-reach.ts';
import type { SwitchView } from './check-switch.ts';
import type { Consumptions } from './consumptions.ts';
import type { HoldRegistry } from './hold-registry.ts';
import type { Taints } from './taints.ts';
import type { Unfinished } from './unfinished.ts';
import type { ArgumentValidator } from './validate-arguments.ts';

export type DoorParts = {
  readonly bootId: string;
  readonly consoleUrl: string;
  readonly keys: Pick<Keys, 'masterKey'>;
  readonly log: Log;
  readonly pool: pg.Pool;
  readonly snapshots: SnapshotStore;
  readonly killSwitch: SwitchView & {
    renew(): Promise<void>;
    /** The database's time, the one that rules and windows are judged by. */
    databaseNowMs(): number;
  };
  readonly audit: AuditWriter;
  readonly holds: HoldRegistry;
  readonly grants: GrantBook;
  readonly spender: GrantSpender;
  readonly taints: Taints;
  readonly unfinished: Unfinished;
  readonly consumptions: Consumptions;
  readonly checkReach: ReachCheck;
  readonly validateArguments: ArgumentValidator;
  /** What no agent may say; null where the process keeps none. */
  readonly knownSecrets: Pick<KnownSecrets, 'find' | 'at'> | null;
  /** An agent was heard of; written to `last_seen_at` with the next heartbeat. */
  readonly agentSeen: (agentId: string) => void;
};
