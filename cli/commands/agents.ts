import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AgentSummary } from '#lib/contracts/agent-rows.ts';
import { agentCreateSchema, tokenCreateSchema } from '#lib/contracts/agents.ts';
import { HOLD_PROFILES, type HoldProfile } from '#lib/core/identity/principals.ts';
import { type AgentSecret, createAgent } from '#lib/server/agents/create-agent.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { listAgents } from '#lib/server/agents/list-agents.ts';
import { revokeAgent } from '#lib/server/agents/revoke-agent.ts';
import { rotateAgent } from '#lib/server/agents/rotate-agent.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { splitList } from '../split-list.ts';
import { shortTime, tableOr } from '../table.ts';
import { addAgentKeys } from './agents-keys.ts';
import { judgeSavePath, saveSecret } from './agents-save.ts';
import { addAgentSessions } from './agents-sessions.ts';

const MOST = 200;

type CreateOptions = {
  owner: string;
  client: HoldProfile;
  servers: string;
  aggregate?: boolean;
  requestTimeout?: number;
  pendingCap?: number;
  save?: string;
};

export function addAgents(program: Command, cli: Cli): void {
  const agents = program.command('agents').description('service identities that call tools');
  agents
    .command('create')
    .description('make an agent; its client secret is shown this once')
    .argument('<name>')
    .requiredOption('--owner <email>', 'the person who runs it, and who may not decide its calls')
    .addOption(new Option('--client <client>', 'how its client waits').choices([...HOLD_PROFILES]).default('sdk'))
    .option('--servers <list>', 'servers it may reach, separated by commas', '')
    .option('--aggregate', 'may use /mcp, where all its servers are one')
    .option('--request-timeout <ms>', 'what its client was told to wait', wholeNumber)
    .option('--pending-cap <n>', 'how many of its calls may wait at once', wholeNumber)
    .option(
      '--save <file>',
      'write id and secret into this new file (0600) for "bridge --token-file", and show no secret',
    )
    .action((name: string, options: CreateOptions) => cli.onHost((host) => create(host, name, options)));
  agents
    .command('token')
    .description('issue a static token for a client without OAuth; at most 24 hours, shown this once')
    .argument('<name>')
    .requiredOption('--audience <path>', '/mcp/<server>, /mcp, /api/v1/calls or /egress')
    .option('--ttl <seconds>', 'how long it lives', wholeNumber, 86_400)
    .action((name: string, options: { audience: string; ttl: number }) =>
      cli.onHost(async (host) => {
        const request = tokenCreateSchema.safeParse({ audience: options.audience, ttlS: options.ttl });
        if (!request.success) {
          return failed(EXIT.usage, 'usage', 'Give an audience as shown in --help, and 60 to 86400 seconds.');
        }
        const issued = await issueToken(host, host.actor, name, request.data);
        if (!issued.ok) {
          return refused(issued.error);
        }
        const { token, audience, expiresAt } = issued.value;
        return done(issued.value, [
          `For ${host.gatewayUrl}${audience} until ${shortTime(expiresAt)} (shown this once):`,
          token,
        ]);
      }),
    );
  agents
    .command('rotate')
    .description('give a new client secret; the keys before it go on for the overlap')
    .argument('<name>')
    .option(
      '--overlap <seconds>',
      'how long they go on, at most a day; 0 ends them and every token now',
      wholeNumber,
      3_600,
    )
    .option('--save <file>', 'write id and new secret into this file (0600); a bridge that reads it goes on with them')
    .action((name: string, options: { overlap: number; save?: string }) =>
      cli.onHost(async (host) => {
        const wrong = judgeSavePath(options.save, 'replace');
        if (wrong !== null) return failed(EXIT.usage, 'usage', wrong);
        const rotated = await rotateAgent(host, host.actor, name, { overlapS: options.overlap });
        return rotated.ok ? handOver(name, rotated.value, options.save) : refused(rotated.error);
      }),
    );
  agents
    .command('revoke')
    .description('end an agent for good, with its tokens and what waits')
    .argument('<name>')
    .requiredOption('--reason <text>', 'why')
    .action((name: string, options: { reason: string }) =>
      cli.onHost(async (host) => {
        const revoked = await revokeAgent(host, host.actor, name, options.reason);
        return revoked.ok ? done(revoked.value, [`${name} is revoked.`]) : refused(revoked.error);
      }),
    );
  addAgentKeys(agents, cli);
  addAgentSessions(agents, cli);
  agents
    .command('list')
    .description('all agents, by name')
    .action(() => cli.onHost(list));
}

async function create(host: Host, name: string, options: CreateOptions): Promise<Outcome> {
  const wrong = judgeSavePath(options.save, 'new');
  if (wrong !== null) return failed(EXIT.usage, 'usage', wrong);
  const owner = await host.prisma.person.findUnique({ where: { email: options.owner.toLowerCase() } });
  if (owner === null) {
    return refused({ code: 'not-found', detail: `${options.owner} is not a person here yet.` });
  }
  const input = agentCreateSchema.safeParse({
    name,
    ownerId: owner.id,
    client: options.client,
    servers: splitList(options.servers),
    aggregate: options.aggregate === true,
    ...(options.requestTimeout === undefined ? {} : { requestTimeoutMs: options.requestTimeout }),
    ...(options.pendingCap === undefined ? {} : { pendingCap: options.pendingCap }),
  });
  if (!input.success) {
    const [issue] = input.error.issues;
    return failed(EXIT.usage, 'usage', `${issue?.path.join('.') ?? 'input'}: ${issue?.message ?? 'does not fit'}.`);
  }
  const made = await createAgent(host, host.actor, input.data);
  return made.ok ? handOver(name, made.value, options.save) : refused(made.error);
}

async function list(host: Host): Promise<Outcome> {
  const { items } = await listAgents(host.prisma, { limit: MOST });
  const rows = items.map((one) => [
    one.name,
    one.owner.name,
    one.client,
    one.quarantined > 0 ? `${one.status}, ${one.quarantined} quarantined` : one.status,
    one.servers.join(' '),
    String(one.pending),
    endsNext(one),
    one.lastSeenAt === null ? 'never' : shortTime(one.lastSeenAt),
  ]);
  const header = ['NAME', 'OWNER', 'CLIENT', 'STATUS', 'SERVERS', 'WAITING', 'ENDS NEXT', 'LAST SEEN'];
  return done({ items }, tableOr('No agent yet.', header, rows));
}

/** What stops working first: a static token, or an old key whose overlap runs. */
function endsNext({ aging }: AgentSummary): string {
  const { tokens, nextTokenEnd, nextKeyEnd } = aging;
  const key = nextKeyEnd === null ? [] : [`old key ${shortTime(nextKeyEnd)}`];
  const token = nextTokenEnd === null ? [] : [`1 of ${tokens} tokens ${shortTime(nextTokenEnd)}`];
  return [...key, ...token].join(', ') || '-';
}

/** The secret, into the file that was asked for, or onto the screen: never both, and never lost. */
function handOver(name: string, secret: AgentSecret, file: string | undefined): Outcome {
  if (file === undefined) return showSecret(name, secret);
  const { clientSecret, ...told } = secret;
  if (!saveSecret(file, { name, clientId: secret.clientId, clientSecret })) {
    const shown = showSecret(name, secret);
    return { ...shown, lines: [`${file} could not be written, so it stands here:`, ...shown.lines] };
  }
  return done({ ...told, savedTo: file }, [
    `${name}: id and secret are in ${file}, readable by you only.`,
    `Next: npx countersign connect CLIENT --servers … --token-file ${file}`,
  ]);
}

function showSecret(name: string, secret: AgentSecret): Outcome {
  return done(secret, [
    `${name}: the secret is shown this once.`,
    `client id      ${secret.clientId}`,
    `client secret  ${secret.clientSecret}`,
  ]);
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new InvalidArgumentError('Give a whole number.');
  }
  return Number(text);
}
