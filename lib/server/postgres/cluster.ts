// Server-only. The files of one embedded PostgreSQL: where they live, their password, their settings.
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { canReach, type OsUser } from './os-user.ts';
import { runProgram } from './run-program.ts';

export type ClusterFiles = {
  /** PostgreSQL's own data directory. */
  readonly data: string;
  readonly log: string;
  readonly password: string;
  readonly port: string;
  readonly binaries: string;
};

export const SUPERUSER = 'postgres';
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/**
 * Lays out the directories under `<dataDir>/postgres`.
 * When root starts it in a place that the OS user `postgres` cannot enter (a 0700 home), the cluster lives under
 * /var/lib/countersign instead, named by the data directory's path; the caller tells the operator.
 */
export function layOut(dataDir: string, user: OsUser | undefined): { files: ClusterFiles; elsewhere: boolean } {
  const own = join(dataDir, 'postgres');
  mkdirSync(own, { recursive: true, mode: 0o700 });
  let home = own;
  if (user !== undefined) {
    // Only passage, no listing: keys beside it stay in their own 0700 directory.
    chmodSync(dataDir, 0o711);
    chmodSync(own, 0o711);
    if (!canReach(own, user)) {
      const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
      home = join('/var/lib/countersign', name);
      mkdirSync(home, { recursive: true, mode: 0o711 });
      writeFileSync(join(own, 'LOCATION'), `${home}\n`);
    }
  }
  const files = {
    data: join(home, 'data'),
    log: join(home, 'log', 'postgres.log'),
    password: join(own, 'password'),
    port: join(own, 'port'),
    binaries: join(home, 'binaries'),
  };
  mkdirSync(join(home, 'log'), { recursive: true, mode: 0o700 });
  return { files, elsewhere: home !== own };
}

/** Creates the cluster unless it is complete. A crash in the middle leaves no PG_VERSION and is started over. */
export async function initialise(files: ClusterFiles, initdb: string, user: OsUser | undefined): Promise<string> {
  if (existsSync(files.password) && existsSync(join(files.data, 'PG_VERSION'))) {
    return readFileSync(files.password, 'utf8').trim();
  }
  if (existsSync(join(files.data, 'PG_VERSION'))) {
    throw new Error(`${files.data} holds a database, but its password file ${files.password} is missing.`);
  }
  const password = randomBytes(24).toString('base64url');
  const partial = `${files.data}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  const passwordFile = join(partial, '..', 'initial-password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) {
    chownSync(partial, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  try {
    const args = [
      `--pgdata=${partial}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The builtin provider sorts alike on every machine, so an index survives a move to another host.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
    ];
    const made = await runProgram(initdb, args, user);
    if (made.code !== 0) {
      throw new Error(`initdb failed: ${made.output.trim().split('\n').at(-1) ?? ''}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(files.password, `${password}\n`, { mode: 0o600 });
  renameSync(partial, files.data);
  return password;
}

export type Durability = 'durable' | 'throw-away';

/** Writes our settings, included from postgresql.conf; rewritten at each start, so an upgrade changes them. */
export function configure(files: ClusterFiles, port: number, durability: Durability, user: OsUser | undefined): void {
  const settings = [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    "unix_socket_directories = ''",
    'max_connections = 200',
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    'jit = off',
    // Failing statements carry arguments of calls: the log gets the error's sentence only.
    'log_min_error_statement = panic',
    'log_error_verbosity = terse',
    ...(durability === 'throw-away'
      ? ['fsync = off', 'synchronous_commit = off', 'full_page_writes = off', "max_wal_size = '4GB'"]
      : []),
  ];
  const own = join(files.data, 'countersign.conf');
  writeFileSync(own, `${settings.join('\n')}\n`, { mode: 0o600 });
  if (user !== undefined) {
    chownSync(own, user.uid, user.gid);
  }
  const main = join(files.data, 'postgresql.conf');
  const text = readFileSync(main, 'utf8');
  const include = "include 'countersign.conf'";
  if (!text.includes(include)) {
    writeFileSync(main, `${text}\n${include}\n`);
  }
  if (existsSync(files.log) && statSync(files.log).size > MAX_LOG_BYTES) {
    renameSync(files.log, `${files.log}.1`);
  }
}
