// Server-only. What a runner is started with.
import type { Log } from '../log.ts';
import type { CommandRow } from './command-rows.ts';
import type { PackageNote } from './package-rows.ts';
import type { ChildSpec } from './runner-client.ts';
import type { ChildGround } from './spawn-child.ts';

export type RunnerOptions = Omit<ChildGround, 'runDirectory'> & {
  readonly socketPath: string;
  readonly sandboxMode: 'required' | 'preferred';
  /** What commands that two people approved may start. */
  readonly programs: readonly string[];
  /** Where the children's homes lie. */
  readonly homes: string;
  readonly findCommand: (asked: Pick<ChildSpec, 'server' | 'configHash'>) => Promise<CommandRow | null>;
  /** With `mayBeUnknown`, an admin's word counts that its content cannot be told. */
  readonly isPackageAccepted: (
    asked: Pick<ChildSpec, 'server' | 'configHash'>,
    mayBeUnknown: boolean,
  ) => Promise<boolean>;
  readonly notePackage: (note: PackageNote) => Promise<boolean>;
  readonly log: Log;
};
