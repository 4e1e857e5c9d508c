// Server-only. The one place that reads process.env.
import { resolve } from 'node:path';
import { z } from 'zod';
import { groupsClaimSchema, issuerSchema, providerNameSchema, scopesSchema } from '../contracts/sso.ts';
import { err, ok, type Result } from '../core/result.ts';

const port = (fallback: number) =>
  z.coerce
    .number({ error: 'must be a port number' })
    .int()
    .min(0, 'must be a port number')
    .max(65535)
    .default(fallback);
const flag = z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0');
const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL without a path' })
  .refine((text) => URL.canParse(text) && new URL(text).pathname === '/', 'must be an http(s) URL without a path')
  .transform((text) => text.replace(/\/$/, ''))
  .optional();

/** Every variable the processes read. `.env.example` and the operator's page follow this table (tested). */
export const ENV_SCHEMA = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' }).optional(),
  COUNTERSIGN_DATA_DIR: z.string().default('./data'),
  BIND_ADDRESS: z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address' }).default('127.0.0.1'),
  CONSOLE_PORT: port(3000),
  GATEWAY_PORT: port(4000),
  EGRESS_PROXY_PORT: port(4001),
  METRICS_PORT: port(4002),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
    .pipe(
      z.array(
        z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'must list IP addresses or CIDR ranges' }),
      ),
    ),
  CONSOLE_URL: origin,
  GATEWAY_URL: origin,
  MASTER_KEY_FILE: z.string().optional(),
  RUNNER_SANDBOX: z.enum(['preferred', 'required'], { error: 'must be preferred or required' }).default('preferred'),
  RUNNER_PROGRAMS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
    .pipe(
      z.array(
        z.string().regex(/^(?:\/[^\s,]+|[A-Za-z0-9][A-Za-z0-9._-]*)$/, {
          error: 'must list programs: absolute paths or names such as npx',
        }),
      ),
    ),
  RUNNER_MEMORY_MB: z.coerce
    .number({ error: 'must be a number of MiB' })
    .int()
    .min(64, 'must be at least 64')
    .max(1_048_576)
    .default(1024),
  OIDC_ISSUER: issuerSchema.optional(),
  OIDC_CLIENT_ID: z.string().max(300).optional(),
  OIDC_CLIENT_SECRET_FILE: z.string().optional(),
  OIDC_SCOPES: scopesSchema.default('openid email profile'),
  OIDC_GROUPS_CLAIM: groupsClaimSchema.default('groups'),
  OIDC_NAME: providerNameSchema.default('single sign-on'),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' }).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  // Set by the supervisor for its children; an operator never sets these.
  CS_SUPERVISED: flag,
  CS_DEV: flag,
  CS_DEMO: flag,
});

/** The variables an operator may set, in the order of `.env.example`. */
export const OPERATOR_VARIABLES = Object.keys(ENV_SCHEMA.shape).filter((name) => !name.startsWith('CS_'));

export type Env = {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly bindAddress: string;
  readonly consolePort: number;
  readonly gatewayPort: number;
  readonly egressProxyPort: number;
  readonly metricsPort: number;
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  readonly trustedProxies: readonly string[];
  /** Public origin of the console, without a trailing slash. */
  readonly consoleUrl: string;
  /** Public origin of the gateway, without a trailing slash. */
  readonly gatewayUrl: string;
  readonly masterKeyFile: string | undefined;
  /** `required`: a stdio server that cannot be put into a sandbox is not started. */
  readonly runnerSandbox: 'preferred' | 'required';
  /** What a command that two people approved may start; commands of countersign.yaml are the host's own. */
  readonly runnerPrograms: readonly string[];
  readonly runnerMemoryMiB: number;
  /** The provider that signs people in, when the host names one; it goes before the settings. */
  readonly oidc: OidcEnv | null;
  readonly redisUrl: string | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly supervised: boolean;
  readonly dev: boolean;
  readonly demo: boolean;
};

export type OidcEnv = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecretFile: string | undefined;
  readonly scopes: string;
  readonly groupsClaim: string;
  readonly name: string;
};

export type EnvProblem = { readonly code: 'bad-environment'; readonly sentence: string };

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/**
 * Reads the environment into one typed value.
 * Assumes nothing about the source; an empty variable counts as unset.
 * Refuses the first bad value with one sentence, and a bind that strangers could reach without encryption:
 * a session cookie or an agent token on a plain network belongs to whoever listens.
 */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Result<Env, EnvProblem> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = ENV_SCHEMA.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    // The value itself is never echoed: DATABASE_URL and REDIS_URL carry passwords.
    return problem(`${String(issue?.path[0] ?? 'A variable')} ${issue?.message ?? 'is not valid'}.`);
  }
  const raw = parsed.data;
  if ((raw.TLS_CERT_FILE === undefined) !== (raw.TLS_KEY_FILE === undefined)) {
    return problem('TLS_CERT_FILE and TLS_KEY_FILE must be set together.');
  }
  if ((raw.OIDC_ISSUER === undefined) !== (raw.OIDC_CLIENT_ID === undefined)) {
    return problem('OIDC_ISSUER and OIDC_CLIENT_ID must be set together.');
  }
  const hasTls = raw.TLS_CERT_FILE !== undefined;
  if (!isLoopback(raw.BIND_ADDRESS) && !hasTls && raw.TRUSTED_PROXIES.length === 0) {
    return problem(
      `BIND_ADDRESS ${raw.BIND_ADDRESS} is reachable from the network: set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES for a proxy that ends TLS.`,
    );
  }
  const scheme = hasTls ? 'https' : 'http';
  const host = publicHost(raw.BIND_ADDRESS);
  return ok({
    databaseUrl: raw.DATABASE_URL,
    dataDir: resolve(raw.COUNTERSIGN_DATA_DIR),
    bindAddress: raw.BIND_ADDRESS,
    consolePort: raw.CONSOLE_PORT,
    gatewayPort: raw.GATEWAY_PORT,
    egressProxyPort: raw.EGRESS_PROXY_PORT,
    metricsPort: raw.METRICS_PORT,
    tlsCertFile: raw.TLS_CERT_FILE,
    tlsKeyFile: raw.TLS_KEY_FILE,
    trustedProxies: raw.TRUSTED_PROXIES,
    consoleUrl: raw.CONSOLE_URL ?? `${scheme}://${host}:${raw.CONSOLE_PORT}`,
    gatewayUrl: raw.GATEWAY_URL ?? `${scheme}://${host}:${raw.GATEWAY_PORT}`,
    masterKeyFile: raw.MASTER_KEY_FILE,
    runnerSandbox: raw.RUNNER_SANDBOX,
    runnerPrograms: raw.RUNNER_PROGRAMS,
    runnerMemoryMiB: raw.RUNNER_MEMORY_MB,
    oidc:
      raw.OIDC_ISSUER === undefined || raw.OIDC_CLIENT_ID === undefined
        ? null
        : {
            issuer: raw.OIDC_ISSUER,
            clientId: raw.OIDC_CLIENT_ID,
            clientSecretFile: raw.OIDC_CLIENT_SECRET_FILE,
            scopes: raw.OIDC_SCOPES,
            groupsClaim: raw.OIDC_GROUPS_CLAIM,
            name: raw.OIDC_NAME,
          },
    redisUrl: raw.REDIS_URL,
    logLevel: raw.LOG_LEVEL,
    supervised: raw.CS_SUPERVISED === '1',
    dev: raw.CS_DEV === '1',
    demo: raw.CS_DEMO === '1',
  });
}

function publicHost(bindAddress: string): string {
  if (isLoopback(bindAddress) || bindAddress === '0.0.0.0' || bindAddress === '::') {
    return 'localhost';
  }
  return bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress;
}

function problem(sentence: string): { readonly ok: false; readonly error: EnvProblem } {
  return err({ code: 'bad-environment', sentence });
}

/** The process's own environment, read once by a composition root; a bad value is a value, not an exception. */
export function readProcessEnv(overrides: Readonly<Record<string, string>> = {}): Result<Env, EnvProblem> {
  return readEnv({ ...process.env, ...overrides });
}

/**
 * The environment of a process that the supervisor has already checked (the children, Next's bundle).
 * Throws on a bad value, because the supervisor refuses it first with a sentence.
 */
export function loadEnv(): Env {
  const read = readProcessEnv();
  if (!read.ok) {
    throw new Error(read.error.sentence);
  }
  return read.value;
}

/** The environment handed to a child: the parent's own plus the overrides; children never inherit NODE_OPTIONS. */
export function childEnvironment(overrides: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _debuggers, ...inherited } = process.env;
  return { ...inherited, ...overrides };
}

/** Whether npm started this process, through a shell that does not pass signals on. */
export function isRunByNpm(): boolean {
  return process.env.npm_lifecycle_event !== undefined;
}

const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where programs are looked for. */
export function programPath(): string {
  return process.env.PATH ?? USUAL_PATH;
}

/** All that a stdio server learns of our environment: where programs are, the language and the time zone. */
export function serverEnvironment(): Readonly<Record<string, string>> {
  const { LANG, TZ } = process.env;
  return { PATH: programPath(), LANG: LANG ?? 'C.UTF-8', ...(TZ === undefined ? {} : { TZ }) };
}

/** Exactly these variables and no others, for a process that must learn nothing of ours. */
export function bareEnvironment(values: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.assign(Object.create(null), values);
}

/** A secret that the operator hands to one command in its environment, by the name that their file gives. */
export function secretVariable(name: string): string | undefined {
  return process.env[name];
}
