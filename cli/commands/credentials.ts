import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CredentialCreate, credentialCreateSchema } from '#lib/contracts/credentials.ts';
import { CREDENTIAL_KINDS, type CredentialKind } from '#lib/core/credentials/kinds.ts';
import { addCredential } from '#lib/server/credentials/add-credential.ts';
import { confirmCredential, retireCredential } from '#lib/server/credentials/change-credential.ts';
import { listCredentials, viewCredential } from '#lib/server/credentials/read-credentials.ts';
import { finishRewrap, rewrapKeys } from '#lib/server/credentials/rewrap.ts';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import { testCredential } from '#lib/server/credentials/test-credential.ts';
import { KeyFileError } from '#lib/server/keys/key-files.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

type AddOptions = {
  server: string;
  kind: CredentialKind;
  secretFile?: string;
  header?: string;
  variable?: string;
  username?: string;
  certificateFile?: string;
  tokenUrl?: string;
  clientId?: string;
  clientAuth: 'client_secret_basic' | 'private_key_jwt';
  scope?: string;
  resource?: string;
  audience?: string;
  subject: 'assertion' | 'client-credentials';
  ends?: string;
  overlap: number;
  rotateEvery?: number;
  reason: string;
};

type RotateOptions = { secretFile?: string; certificateFile?: string; key?: boolean; reason: string };

const SECRET_FILE = '--secret-file <file>';
const SECRET_HELP = 'where the secret lies; without it, it is read from standard input';

/** Secrets come by standard input or from a file: an argument is read by every process of the machine. */
export function addCredentials(program: Command, cli: Cli): void {
  const credentials = program.command('credentials').description('what servers are spoken to with');
  credentials
    .command('add')
    .description('give a server its credential')
    .argument('<name>')
    .requiredOption('--server <name>', 'the one server it is for')
    .addOption(new Option('--kind <kind>', 'how it is presented').choices([...CREDENTIAL_KINDS]).makeOptionMandatory())
    .option(SECRET_FILE, SECRET_HELP)
    .option('--header <name>', 'kind header: the header')
    .option('--variable <NAME>', 'kind env: the variable')
    .option('--username <name>', 'kind basic')
    .option('--certificate-file <file>', 'kind client-certificate: the certificate in PEM; the secret is its key')
    .option('--token-url <url>', 'OAuth kinds: the token endpoint')
    .option('--client-id <id>', 'OAuth kinds: the client')
    .addOption(
      new Option('--client-auth <method>', 'OAuth kinds')
        .choices(['client_secret_basic', 'private_key_jwt'])
        .default('client_secret_basic'),
    )
    .option('--scope <text>')
    .option('--resource <url>')
    .option('--audience <text>')
    .addOption(
      new Option('--subject <what>', 'token-exchange: what is exchanged')
        .choices(['assertion', 'client-credentials'])
        .default('assertion'),
    )
    .option('--ends <date>', 'when it ends, such as 2027-03-31; bearer, header and env need it, within 90 days')
    .option('--overlap <minutes>', 'how long the old secret serves after a rotation', wholeNumber, 10)
    .option('--rotate-every <days>', 'when a rotation is due', wholeNumber)
    .requiredOption('--reason <text>', 'why')
    .action((name: string, options: AddOptions) => cli.onHost((host) => add(host, name, options)));
  credentials
    .command('rotate')
    .description('try the next secret against the server and switch to it, or keep the current one')
    .argument('<name>')
    .option(SECRET_FILE, SECRET_HELP)
    .option('--certificate-file <file>', 'client-certificate: the next certificate in PEM; the secret is its key')
    .option('--key', 'private_key_jwt: make the next key, or take the one that waits into use')
    .requiredOption('--reason <text>', 'why')
    .action((name: string, options: RotateOptions) => cli.onHost((host) => rotate(host, name, options)));
  credentials
    .command('test')
    .description('whether the server takes the credential now')
    .argument('<name>')
    .action((name: string) =>
      cli.onHost(async (host) => {
        const tested = await testCredential(host, host.actor, name);
        if (!tested.ok) return refused(tested.error);
        return tested.value.ok
          ? done(tested.value, [tested.value.detail])
          : failed(EXIT.refused, 'credential-test-failed', tested.value.detail);
      }),
    );
  credentials
    .command('confirm')
    .description('bind a credential to the address or command that its server has now')
    .argument('<name>')
    .requiredOption('--identity <hash>', 'what the server is now, as `credentials list --json` shows it')
    .requiredOption('--reason <text>', 'why')
    .action((name: string, options: { identity: string; reason: string }) =>
      cli.onHost(async (host) => {
        const input = { configHash: options.identity, reason: options.reason };
        const confirmed = await confirmCredential(host, host.actor, name, input);
        return confirmed.ok
          ? done(confirmed.value, [`${name} is bound to its server again.`])
          : refused(confirmed.error);
      }),
    );
  credentials
    .command('retire')
    .description('stop using a credential and erase its secrets')
    .argument('<name>')
    .requiredOption('--reason <text>', 'why')
    .action((name: string, options: { reason: string }) =>
      cli.onHost(async (host) => {
        const retired = await retireCredential(host, host.actor, name, options.reason);
        return retired.ok
          ? done(retired.value, [`${name} is retired; its secrets are erased.`])
          : refused(retired.error);
      }),
    );
  credentials
    .command('list')
    .description('all credentials with their ages and ends; never a secret')
    .action(() => cli.onHost(list));
  credentials
    .command('rewrap')
    .description('wrap the key of every secret under another master key; may be run again after a crash')
    .option('--new-master-key-file <file>', 'the next master key: 32 bytes in base64, mode 600')
    .option('--finish', 'with the new key in use: remove the wraps of every other')
    .action((options: { newMasterKeyFile?: string; finish?: boolean }) => cli.onHost((host) => rewrap(host, options)));
}

async function add(host: Host, name: string, options: AddOptions): Promise<Outcome> {
  const config = configOf(options);
  const secret = options.clientAuth === 'private_key_jwt' && isOAuth(options.kind) ? undefined : readSecret(options);
  const input = credentialCreateSchema.safeParse({
    name,
    server: options.server,
    config,
    ...(secret === undefined ? {} : { secret }),
    ...(options.ends === undefined ? {} : { endsAt: isoEnd(options.ends) }),
    overlapMinutes: options.overlap,
    ...(options.rotateEvery === undefined ? {} : { rotateEveryDays: options.rotateEvery }),
    reason: options.reason,
  });
  // The parser's message could quote what was read: only the place is said.
  if (!input.success) {
    const [issue] = input.error.issues;
    const place = issue?.path.join('.') ?? 'input';
    return failed(
      EXIT.usage,
      'usage',
      `${place}: ${place === 'secret' ? 'does not fit' : (issue?.message ?? 'does not fit')}.`,
    );
  }
  const added = await addCredential(host, host.actor, input.data);
  if (!added.ok) return refused(added.error);
  const view = await viewCredential(host.prisma, added.value.id);
  const key = view?.publicJwk ?? null;
  return done(view ?? added.value, [
    `${name} is given to ${options.server}.`,
    ...(key === null ? [] : ['Register this public key at the authorisation server:', JSON.stringify(key)]),
  ]);
}

function isOAuth(kind: CredentialKind): boolean {
  return kind === 'oauth-client-credentials' || kind === 'token-exchange';
}

function configOf(options: AddOptions): Partial<CredentialCreate['config']> {
  const { kind } = options;
  switch (kind) {
    case 'bearer':
      return { kind };
    case 'header':
      return { kind, ...given('header', options.header) };
    case 'env':
      return { kind, ...given('variable', options.variable) };
    case 'basic':
      return { kind, ...given('username', options.username) };
    case 'client-certificate':
      return { kind, ...given('certificate', readCertificateFile(options.certificateFile)) };
    case 'oauth-client-credentials':
    case 'token-exchange':
      return {
        kind,
        ...given('tokenUrl', options.tokenUrl),
        ...given('clientId', options.clientId),
        clientAuth: options.clientAuth,
        ...given('scope', options.scope),
        ...given('resource', options.resource),
        ...given('audience', options.audience),
        ...(kind === 'token-exchange' ? { subject: options.subject } : {}),
      };
  }
}

/** Public, so its place may be an argument; one that cannot be read is refused as one that was not given. */
function readCertificateFile(file: string | undefined): string | undefined {
  try {
    return file === undefined ? undefined : readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function given(name: string, value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [name]: value };
}

async function rotate(host: Host, name: string, options: RotateOptions): Promise<Outcome> {
  const secret = options.key === true ? undefined : readSecret(options);
  const certificate = readCertificateFile(options.certificateFile);
  if (options.certificateFile !== undefined && certificate === undefined) {
    return failed(EXIT.usage, 'usage', 'certificate: the file cannot be read.');
  }
  const input = {
    reason: options.reason,
    ...(secret === undefined ? {} : { secret }),
    ...(certificate === undefined ? {} : { certificate }),
  };
  const rotated = await rotateCredential(host, host.actor, name, input);
  if (!rotated.ok) return refused(rotated.error);
  if (rotated.value.state === 'current')
    return done(rotated.value, [`${name} is at version ${rotated.value.version}.`]);
  const view = await viewCredential(host.prisma, rotated.value.id);
  return done(rotated.value, [
    'Register this public key at the authorisation server, then run the same command again:',
    JSON.stringify(view?.nextPublicJwk ?? {}),
  ]);
}

async function list(host: Host): Promise<Outcome> {
  const { items, serverTime } = await listCredentials(host.prisma);
  const rows = items.map((one) => [
    one.name,
    one.server,
    one.kind,
    one.bound ? one.status : 'unconfirmed',
    `${one.ageDays} d`,
    one.daysLeft === null ? 'none' : `${one.daysLeft} d left`,
    one.lastUsedAt === null ? 'never' : shortTime(one.lastUsedAt),
    one.migrationOnly ? 'migration' : '',
  ]);
  const header = ['NAME', 'SERVER', 'KIND', 'STATUS', 'AGE', 'END', 'LAST USED', ''];
  return done({ items, serverTime }, tableOr('No credential yet.', header, rows));
}

async function rewrap(host: Host, options: { newMasterKeyFile?: string; finish?: boolean }): Promise<Outcome> {
  if (options.finish === true) {
    const finished = await finishRewrap(host);
    if (!finished.ok) return failed(EXIT.refused, 'rewrap-refused', finished.error);
    return done(finished.value, [`Removed ${finished.value.removed} old wraps. Destroy the old master key file.`]);
  }
  if (options.newMasterKeyFile === undefined) {
    return failed(EXIT.usage, 'usage', 'Give --new-master-key-file, or --finish once the new key is in use.');
  }
  try {
    const rewrapped = await rewrapKeys(host, options.newMasterKeyFile);
    if (!rewrapped.ok) return failed(EXIT.refused, 'rewrap-refused', rewrapped.error);
    const { wrapped, already } = rewrapped.value;
    return done(rewrapped.value, [
      `Wrapped ${wrapped} keys under the new master key (${already} were already).`,
      'Start with MASTER_KEY_FILE naming the new file, then run "countersign credentials rewrap --finish".',
    ]);
  } catch (error) {
    if (error instanceof KeyFileError) return failed(EXIT.refused, 'bad-key-file', error.message);
    throw error;
  }
}

/** From a file or from standard input; a line end that an editor or `echo` adds is not part of it. */
function readSecret({ secretFile }: { secretFile?: string }): string {
  if (secretFile === undefined && process.stdin.isTTY) process.stderr.write('Secret, then Ctrl-D:\n');
  return readFileSync(secretFile ?? 0, 'utf8').replace(/\r?\n$/, '');
}

function isoEnd(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.000Z` : text;
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}
