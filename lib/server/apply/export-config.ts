// Server-only. `countersign export`: the configuration as the file that `apply` would take without a change.
import { stringify } from 'yaml';
import { z } from 'zod';
import { credentialConfigSchema } from '#lib/contracts/credentials.ts';
import { GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { LISTED_HOST } from '#lib/core/red-team/sink.ts';
import { wireProfile } from '../agents/agent-view.ts';
import { EGRESS_SERVER_ID } from '../calls/egress-server.ts';
import { type Hook, hookSchema } from '../credentials/ask-hook.ts';
import type { Tx } from '../db/tx.ts';
import { readBuiltIn } from '../red-team/built-in.ts';
import { storedRulesSchema } from '../snapshot/config-rows.ts';
import { configFileSchema } from './config-file.ts';
import { policyInFileOf } from './policy-file.ts';

type FileInput = z.input<typeof configFileSchema>;
const END_OF_DAY = 'T23:59:59.000Z';

/** Writes the whole configuration as countersign.yaml, without any secret: applying it again changes nothing. */
export async function exportConfig(tx: Tx): Promise<string> {
  const file: FileInput = {
    version: 1,
    people: await exportPeople(tx),
    servers: await exportServers(tx),
    agents: await exportAgents(tx),
    ...(await exportCredentials(tx)),
    policies: await exportPolicies(tx),
    egress: await exportEgress(tx),
    ...(await exportEgressIdentities(tx)),
  };
  return stringify(configFileSchema.parse(file), { lineWidth: 120, aliasDuplicateObjects: false });
}

async function exportPeople(tx: Tx): Promise<FileInput['people']> {
  const people = await tx.person.findMany({ orderBy: { email: 'asc' } });
  const invited = await tx.oneTimeLink.findMany({
    where: { kind: 'invite', usedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { email: 'asc' },
  });
  return [
    ...people.map((person) => ({
      email: person.email,
      roles: [...person.roles].sort(),
      ...(person.groups.length === 0 ? {} : { groups: person.groups }),
      ...(person.status === 'active' ? {} : { status: person.status }),
    })),
    ...invited.flatMap(({ email, roles, groups }) =>
      email === null ? [] : [{ email, roles: [...roles].sort(), ...(groups.length === 0 ? {} : { groups }) }],
    ),
  ];
}

async function exportServers(tx: Tx): Promise<FileInput['servers']> {
  const { serverIds } = await readBuiltIn(tx);
  const rows = await tx.server.findMany({
    // Built in, and made anew wherever it is needed: a file that named it could not be applied.
    where: { id: { notIn: [EGRESS_SERVER_ID, ...serverIds] } },
    orderBy: { name: 'asc' },
    include: { command: true, tools: { orderBy: { name: 'asc' } } },
  });
  const servers = rows.map((row) => {
    const common = {
      name: row.name,
      tier: row.tier,
      ...(row.description === '' ? {} : { description: row.description }),
      ...(row.status === 'active' ? {} : { status: row.status }),
    };
    const offered = row.tools.filter((tool) => tool.pinState !== 'missing');
    if (row.transport === 'external') {
      const tools = offered.map((tool) => [tool.name, declaredTool(tool)]);
      return { ...common, transport: 'external', tools: Object.fromEntries(tools) };
    }
    const isAccepted = offered.length > 0 && offered.every((tool) => tool.pinState === 'accepted');
    const tagged = offered.filter((tool) => tool.taggedAt !== null);
    const discovered = {
      ...(isAccepted ? { accept: true } : {}),
      ...(tagged.length === 0 ? {} : { tools: Object.fromEntries(tagged.map((tool) => [tool.name, tagOf(tool)])) }),
    };
    return row.transport === 'http'
      ? { ...common, transport: 'http', url: row.url ?? '', ...discovered }
      : { ...common, transport: 'stdio', command: row.command?.argv ?? [], ...writableOf(row.command), ...discovered };
  });
  return configFileSchema.shape.servers.parse(servers);
}

function writableOf(command: { readonly writable: readonly string[] } | null) {
  return command === null || command.writable.length === 0 ? {} : { writable: [...command.writable] };
}

type ToolRow = Awaited<ReturnType<Tx['tool']['findMany']>>[number];

function tagOf(tool: ToolRow) {
  return { tier: tool.tier, class: tool.actionClass, reason: tool.tagReason ?? 'set by an admin' };
}

function declaredTool(tool: ToolRow) {
  const { definition } = tool;
  const described = typeof definition === 'object' && definition !== null && 'description' in definition;
  const description = described && typeof definition.description === 'string' ? definition.description : '';
  return {
    class: tool.actionClass,
    ...(tool.taggedAt === null ? {} : { tier: tool.tier }),
    ...(description === '' ? {} : { description }),
    ...(tool.tagReason === null ? {} : { reason: tool.tagReason }),
  };
}

const storedJwk = z.record(z.string(), z.string());

async function exportAgents(tx: Tx): Promise<FileInput['agents']> {
  const { agentIds } = await readBuiltIn(tx);
  const rows = await tx.agent.findMany({
    where: { status: 'active', id: { notIn: [...agentIds] } },
    orderBy: { name: 'asc' },
    include: {
      owner: true,
      servers: { include: { server: true } },
      // One whose overlap runs is on its way out: a restored installation must not bring it back.
      keys: { where: { kind: 'jwk', revokedAt: null, notAfter: null }, orderBy: { createdAt: 'asc' } },
    },
  });
  return rows.map((row) => ({
    name: row.name,
    owner: row.owner.email,
    client: wireProfile(row.client),
    ...(row.requestTimeoutMs === null ? {} : { requestTimeoutMs: row.requestTimeoutMs }),
    pendingCap: row.pendingCap,
    servers: row.servers.map((one) => one.server.name).sort(),
    aggregate: row.aggregate,
    ...(row.keys.length === 0 ? {} : { keys: row.keys.map((key) => storedJwk.parse(key.jwk)) }),
  }));
}

/** What a credential is, without its secret and without where it lay: whoever applies the file gives it anew. */
async function exportCredentials(tx: Tx): Promise<Pick<FileInput, 'credentials'>> {
  const { serverIds } = await readBuiltIn(tx);
  const rows = await tx.credential.findMany({
    where: { retiredAt: null, serverId: { notIn: [...serverIds] } },
    orderBy: { name: 'asc' },
  });
  if (rows.length === 0) return {};
  const servers = await tx.server.findMany({ where: { id: { in: rows.map((row) => row.serverId) } } });
  const nameOf = new Map(servers.map((server) => [server.id, server.name]));
  const credentials = rows.map((row) => {
    const hook = hookSchema.safeParse(row.hook);
    return {
      name: row.name,
      server: nameOf.get(row.serverId) ?? '',
      config: credentialConfigSchema.parse(row.config),
      ...(row.endsAt === null || row.kind === 'client-certificate' ? {} : { ends: row.endsAt.toISOString() }),
      overlapMinutes: row.overlapMinutes,
      ...(row.rotateEveryDays === null ? {} : { rotateEveryDays: row.rotateEveryDays }),
      ...(hook.success ? { rotate: inFile(hook.data) } : {}),
      reason: 'as exported',
    };
  });
  return { credentials };
}

function inFile(hook: Hook) {
  return hook.kind === 'webhook' ? { webhook: hook.url } : { command: hook.argv };
}

async function exportPolicies(tx: Tx): Promise<FileInput['policies']> {
  const current = await tx.policyVersion.findFirst({ where: { status: 'published' }, orderBy: { version: 'desc' } });
  return storedRulesSchema.parse(current?.rules ?? []).map(policyInFileOf);
}

async function exportEgress(tx: Tx): Promise<FileInput['egress']> {
  const { serverIds } = await readBuiltIn(tx);
  const rows = await tx.egressEntry.findMany({
    where: { revokedAt: null, ...(serverIds.length === 0 ? {} : { host: { not: LISTED_HOST } }) },
    orderBy: [{ host: 'asc' }, { port: 'asc' }, { pathPrefix: 'asc' }, { id: 'asc' }],
  });
  const owners = await tx.person.findMany({ where: { status: 'active' }, select: { id: true, email: true } });
  const emailOf = new Map(owners.map(({ id, email }) => [id, email]));
  const certificates = await tx.credential.findMany({ where: { kind: 'client-certificate', retiredAt: null } });
  const nameOf = new Map(certificates.map(({ id, name }) => [id, name]));
  // Without the certificate that it shows, an entry would come back as a looser one.
  const whole = rows.filter((row) => row.clientCertificateId === null || nameOf.has(row.clientCertificateId));
  return whole.map((row) => {
    const expires = row.expiresAt?.toISOString();
    const owner = row.ownerId === null ? undefined : emailOf.get(row.ownerId);
    const certificate = nameOf.get(row.clientCertificateId ?? '');
    return {
      ...(row.identity === GATEWAY_IDENTITY ? {} : { identity: row.identity }),
      scheme: row.scheme === 'https' ? ('https' as const) : ('http' as const),
      host: row.host,
      port: row.port,
      path: row.pathPrefix,
      ...(row.cidr === null ? {} : { cidr: row.cidr }),
      ...(row.tlsPin === null ? {} : { tlsPin: row.tlsPin }),
      ...(certificate === undefined ? {} : { clientCertificate: certificate }),
      ...(owner === undefined ? {} : { owner }),
      reason: row.reason,
      ...(expires === undefined
        ? {}
        : { expires: expires.endsWith(END_OF_DAY) ? expires.slice(0, -END_OF_DAY.length) : expires }),
    };
  });
}

/** Absent while nobody is asked about anything: the default needs no line. */
async function exportEgressIdentities(tx: Tx): Promise<Pick<FileInput, 'egressIdentities'>> {
  const rows = await tx.egressIdentity.findMany({ where: { onFirstSeen: 'ask' }, orderBy: { identity: 'asc' } });
  return rows.length === 0
    ? {}
    : { egressIdentities: rows.map(({ identity }) => ({ identity, onFirstSeen: 'ask' as const })) };
}
