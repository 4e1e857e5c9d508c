import pg from 'pg';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Env } from '#lib/server/env.ts';
import { type EmbeddedPostgres, startEmbedded } from '#lib/server/postgres/embedded.ts';
import type { StartProblem } from './options.ts';

const OLDEST = 150_000;
const TOO_NEW = 190_000;

export type OpenDatabase = { readonly url: string; readonly embedded: EmbeddedPostgres | undefined };

/** The operator's PostgreSQL when DATABASE_URL is set, checked; the embedded one otherwise, started. */
export async function openDatabase(env: Env): Promise<Result<OpenDatabase, StartProblem>> {
  if (env.databaseUrl === undefined) {
    const started = await startEmbedded({ dataDir: env.dataDir });
    return started.ok ? ok({ url: started.value.url, embedded: started.value }) : started;
  }
  const checked = await checkServer(env.databaseUrl);
  return checked.ok ? ok({ url: env.databaseUrl, embedded: undefined }) : checked;
}

async function checkServer(url: string): Promise<Result<void, StartProblem>> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'countersign-start',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const answer = await client.query<{ number: string; version: string }>(
      "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version",
    );
    const number = Number(answer.rows[0]?.number);
    if (!(number >= OLDEST && number < TOO_NEW)) {
      return err({ sentence: `DATABASE_URL is PostgreSQL ${answer.rows[0]?.version ?? '?'}: 15 to 18 are supported.` });
    }
    return ok(undefined);
  } catch (error) {
    return err({ sentence: `DATABASE_URL does not work: ${explain(error)}.` });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The driver's own words without the URL, which carries a password. */
function explain(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return explain(error.errors[0]);
  }
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/postgres(ql)?:\/\/\S+/g, 'the URL').replace(/\.$/, '');
}
