import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { meSchema } from '#lib/contracts/me.ts';
import { cliLoginAnswerSchema, cliLoginStartedSchema } from '#lib/contracts/sessions.ts';
import type { Env } from '#lib/server/env.ts';
import { readRuntimeFile } from '#lib/server/runtime-file.ts';
import type { Cli } from '../cli.ts';
import { askConsole } from '../login/console-client.ts';
import { keepLogin, keptLoginPath, readKeptLogin } from '../login/kept-login.ts';
import { done, EXIT, failed, type Outcome } from '../outcome.ts';
import { shortTime } from '../table.ts';

export function addLogin(program: Command, cli: Cli): void {
  program
    .command('login')
    .description('sign this command line in as yourself: you confirm a code in the console; 12 hours')
    .option('--url <console>', 'address of the console')
    .option('--status', 'say who is signed in here, and until when')
    .action((options: { url?: string; status?: boolean }) =>
      cli.run((env) => (options.status === true ? status() : login(cli, consoleOf(env, options.url)))),
    );
}

/** The console that was named, else the one that runs on this host, else the one of the environment. */
function consoleOf(env: Env, named: string | undefined): string {
  if (named !== undefined) return named.replace(/\/+$/, '');
  const running = readRuntimeFile(env.dataDir);
  return running.ok ? running.value.consoleUrl : env.consoleUrl;
}

async function login(cli: Cli, consoleUrl: string): Promise<Outcome> {
  const isSafe = URL.canParse(consoleUrl) && /^https:|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(consoleUrl);
  if (!isSafe) {
    return failed(
      EXIT.usage,
      'usage',
      'Give the console’s https:// address: a token must not cross a network in the open.',
    );
  }
  const at = { consoleUrl };
  const client = `countersign on ${hostname()}`.slice(0, 100);
  const started = await askConsole(
    at,
    { method: 'POST', path: '/api/v1/sign-in/cli', body: { client } },
    cliLoginStartedSchema,
  );
  if (!started.ok) return started.error;
  const { code, url, deviceCode, expiresAt } = started.value;
  // On the error stream: with --json the output is one document.
  cli.io.err(`Open ${url}\nand confirm the code ${code}, until ${shortTime(expiresAt)}. Waiting …`);
  let pauseMs = started.value.pollAfterMs;
  while (Date.now() < Date.parse(expiresAt)) {
    await wait(pauseMs);
    const polled = await askConsole(
      at,
      { method: 'POST', path: '/api/v1/sign-in/cli/token', body: { deviceCode } },
      cliLoginAnswerSchema,
    );
    if (!polled.ok) return polled.error;
    const answer = polled.value;
    if (answer.status === 'pending') {
      pauseMs = answer.pollAfterMs;
      continue;
    }
    const { token, sessionId, email, expiresAt: endsAt } = answer;
    keepLogin({ consoleUrl, token, sessionId, email, expiresAt: endsAt });
    return done({ consoleUrl, email, sessionId, expiresAt: endsAt }, [
      `Signed in as ${email} until ${shortTime(endsAt)}. The token lies in ${keptLoginPath()}.`,
    ]);
  }
  return failed(EXIT.notSignedIn, 'not-signed-in', 'Nobody confirmed the code in time.');
}

async function status(): Promise<Outcome> {
  const kept = readKeptLogin(Date.now());
  if (kept === null) return failed(EXIT.notSignedIn, 'not-signed-in', 'Nobody is signed in here: countersign login');
  const me = await askConsole(kept, { method: 'GET', path: '/api/v1/me' }, meSchema);
  if (!me.ok) return me.error;
  const { email, roles } = me.value;
  return done({ consoleUrl: kept.consoleUrl, email, roles, expiresAt: kept.expiresAt }, [
    `${email} (${roles.join(', ') || 'no role'}) at ${kept.consoleUrl} until ${shortTime(kept.expiresAt)}`,
  ]);
}
