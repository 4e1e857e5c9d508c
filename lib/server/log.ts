// Server-only. Structured logs; never arguments, tokens or cookies.
import pino from 'pino';
import { toVisibleJson } from '#lib/core/text/visible.ts';

export type Log = pino.Logger;
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Names under which a secret could slip in; wherever they stand in an entry, the value is replaced. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'secret',
  'clientSecret',
  'token',
  'args',
  'arguments',
  'result',
  'databaseUrl',
  'DATABASE_URL',
  'headers',
];

/**
 * A logger that writes one JSON object a line to the given stream, the standard output unless told.
 * Assumes that callers log ids and codes; the redaction is a net under them, not a licence.
 */
export function createLog(level: LogLevel, name: string, destination?: pino.DestinationStream): Log {
  const paths = SECRET_NAMES.flatMap((secret) => [`["${secret}"]`, `*["${secret}"]`, `*.*["${secret}"]`]);
  const options: pino.LoggerOptions = {
    level,
    name,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
    // What agents and servers are called ends up in the terminal of whoever reads the log.
    hooks: { streamWrite: toVisibleJson },
    serializers: { err: describeError, error: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** An error's kind and place. Its message may quote a statement's values or an attacker's text: cut, one line. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return typeof error;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const message = error.message.replaceAll(/\s+/g, ' ').slice(0, 300);
  return { type: error.name, code, message, stack: error.stack?.split('\n').slice(1, 6).join('\n') };
}
