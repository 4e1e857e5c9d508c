import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { jwkAddSchema } from '#lib/contracts/agents.ts';
import { readAgentDetail } from '#lib/server/agents/agent-view.ts';
import { findAgent } from '#lib/server/agents/find-agent.ts';
import { addPublicKey, revokeKey } from '#lib/server/agents/public-keys.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

/** `agents keys <name>`: what an agent proves itself with; adds a public key or ends a key. */
export function addAgentKeys(agents: Command, cli: Cli): void {
  agents
    .command('keys')
    .description('what an agent proves itself with, and until when; adds a public key, ends a key')
    .argument('<name>')
    .option('--add <file>', 'register the public key in this JWK file')
    .option('--overlap <seconds>', 'with --add: it takes over, and the others go on for so long', wholeNumber)
    .option('--end <key-id>', 'end this key now, with every token that was fetched with it')
    .action((name: string, options: { add?: string; overlap?: number; end?: string }) =>
      cli.onHost((host) => {
        if (options.add !== undefined) return add(host, name, options.add, options.overlap ?? null);
        return options.end === undefined ? list(host, name) : end(host, name, options.end);
      }),
    );
}

async function add(host: Host, name: string, file: string, overlapS: number | null): Promise<Outcome> {
  let jwk: unknown;
  try {
    jwk = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The parser's message could quote the file.
    return failed(EXIT.usage, 'usage', `${file} is not a JSON file that can be read.`);
  }
  const input = jwkAddSchema.safeParse({ jwk, overlapS });
  if (!input.success)
    return failed(EXIT.usage, 'usage', 'Give one JWK object, and an overlap of at most 86400 seconds.');
  const added = await addPublicKey(host, host.actor, name, input.data);
  if (!added.ok) return refused(added.error);
  return done(added.value, [
    `${name} may sign with ${added.value.alg} ${added.value.thumbprint} (${added.value.keyId}).`,
  ]);
}

async function end(host: Host, name: string, keyId: string): Promise<Outcome> {
  if (!UUID.test(keyId)) return failed(EXIT.usage, 'usage', 'Give the id that "agents keys" shows.');
  const ended = await revokeKey(host, host.actor, name, keyId);
  return ended.ok ? done(ended.value, [`The key ${keyId} of ${name} is ended.`]) : refused(ended.error);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

async function list(host: Host, name: string): Promise<Outcome> {
  const agent = await findAgent(host.prisma, name);
  const detail = agent === null ? null : await readAgentDetail(host.prisma, agent.id, host.gatewayUrl);
  if (detail === null) return refused({ code: 'not-found', detail: 'There is no such agent.' });
  const rows = detail.keys.map((key) => [
    key.id,
    key.kind === 'secret' ? 'secret' : (key.alg ?? 'jwk'),
    `${key.prefix}…`,
    shortTime(key.createdAt),
    key.lastUsedAt === null ? 'never' : shortTime(key.lastUsedAt),
    key.notAfter === null ? 'in force' : shortTime(key.notAfter),
  ]);
  const header = ['ID', 'KIND', 'BEGINS', 'MADE', 'LAST USED', 'ENDS'];
  return done({ items: detail.keys }, tableOr('No key: this agent can fetch no token.', header, rows));
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}
