// Server-only. Starts and stops the PostgreSQL that comes with `npm ci`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { err, ok, type Result } from '../../core/result.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { type ClusterFiles, configure, type Durability, initialise, layOut, SUPERUSER } from './cluster.ts';
import { freePort, probePort } from './free-port.ts';
import { type OsUser, postgresOsUser } from './os-user.ts';
import { forgetDeadPostmaster, livePostmaster, spawnPostmaster } from './postmaster.ts';
import { runProgram } from './run-program.ts';

export type EmbeddedPostgres = {
  /** The application's database, as the application's role. Carries a password: never log it. */
  readonly url: string;
  /** The same server as superuser, on the database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  readonly dataDirectory: string;
  /** True when the files had to live outside the data directory (see layOut). */
  readonly elsewhere: boolean;
  isRunning(): boolean;
  pid(): number | undefined;
  /** Starts it again on the same port after it died. */
  restart(): Promise<Result<void, EmbeddedProblem>>;
  stop(): Promise<void>;
};

export type EmbeddedProblem = {
  readonly code: 'no-embedded-postgres' | 'no-os-user' | 'postgres-failed';
  readonly sentence: string;
};

const APP = 'countersign';
const START_ATTEMPTS = 5;
const RETRY_MS = 200;

/**
 * Starts the embedded server with its files under `<dataDir>/postgres` and answers where to connect.
 * Assumes that the caller holds the data directory's lock: a postmaster found running here was orphaned by a
 * `kill -9` of its supervisor, and is stopped first.
 * Refuses a platform without binaries, and root without an OS user to step down to.
 */
export async function startEmbedded(options: {
  readonly dataDir: string;
  readonly durability?: Durability;
}): Promise<Result<EmbeddedPostgres, EmbeddedProblem>> {
  const user = postgresOsUser();
  if (!user.ok) {
    return user;
  }
  const { files, elsewhere } = layOut(options.dataDir, user.value);
  const binaries = prepareBinaries(files.binaries, user.value);
  if (!binaries.ok) {
    return binaries;
  }
  const programs = binaries.value;
  const password = await initialise(files, programs.initdb, user.value);
  await stopServer(programs.pgCtl, files, user.value);
  const durability = options.durability ?? 'durable';
  const started = await startServer(programs, files, user.value, durability);
  if (!started.ok) {
    return started;
  }
  const port = started.value;
  const adminUrl = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  await ensureApplication(adminUrl, password);
  return ok({
    url: `postgresql://${APP}:${password}@127.0.0.1:${port}/${APP}`,
    adminUrl,
    port,
    dataDirectory: files.data,
    elsewhere,
    isRunning: () => livePostmaster(files.data) !== undefined,
    pid: () => livePostmaster(files.data),
    restart: async () => {
      const again = await startServer(programs, files, user.value, durability, port);
      return again.ok ? ok(undefined) : again;
    },
    stop: () => stopServer(programs.pgCtl, files, user.value),
  });
}

async function startServer(
  programs: Binaries,
  files: ClusterFiles,
  user: OsUser | undefined,
  durability: Durability,
  fixedPort?: number,
): Promise<Result<number, EmbeddedProblem>> {
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    const port = fixedPort ?? (await choosePort(files));
    configure(files, port, durability, user);
    forgetDeadPostmaster(files.data);
    if (await spawnPostmaster(programs.postgres, files, user)) {
      writeFileSync(files.port, `${port}\n`, { mode: 0o600 });
      return ok(port);
    }
    // Backends of a postmaster that was killed hold its shared memory until they notice.
    await delay(RETRY_MS);
  }
  const said = readFileSync(files.log, 'utf8').trim().split('\n').slice(-3).join(' ');
  return err({ code: 'postgres-failed', sentence: `The embedded PostgreSQL did not start (${files.log}): ${said}` });
}

/** The port of last time when it is still free, so that bookmarks of operators' tools hold; else any. */
async function choosePort(files: ClusterFiles): Promise<number> {
  const remembered = existsSync(files.port) ? Number(readFileSync(files.port, 'utf8')) : 0;
  if (remembered > 0 && remembered <= 65535 && (await probePort(remembered, '127.0.0.1')) === 'free') {
    return remembered;
  }
  return freePort();
}

async function stopServer(pgCtl: string, files: ClusterFiles, user: OsUser | undefined): Promise<void> {
  if (livePostmaster(files.data) === undefined) {
    return;
  }
  const stopped = await runProgram(pgCtl, ['stop', '-w', '-t', '20', '-m', 'fast', '-D', files.data, '-s'], user);
  if (stopped.code !== 0 && livePostmaster(files.data) !== undefined) {
    await runProgram(pgCtl, ['stop', '-w', '-t', '20', '-m', 'immediate', '-D', files.data, '-s'], user);
  }
}

/**
 * The application connects as a role without superuser rights: an SQL injection must not reach the host's
 * programs or files (COPY … TO PROGRAM).
 */
async function ensureApplication(adminUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APP]);
    if (role.rowCount === 0) {
      await client.query(
        `CREATE ROLE ${APP} LOGIN NOSUPERUSER NOCREATEROLE CREATEDB PASSWORD ${pg.escapeLiteral(password)}`,
      );
    }
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [APP]);
    if (database.rowCount === 0) {
      await client.query(`CREATE DATABASE ${APP} OWNER ${APP}`);
    }
  } finally {
    await client.end();
  }
}
