// Server-only.
import type { ServerCreate, ServerPatch } from '#lib/contracts/servers.ts';
import { ok } from '#lib/core/result.ts';
import { bumpConfig } from '../db/config-head.ts';
import { changeServerIn } from '../servers/change-server.ts';
import { type DeclaredTool, declareTools } from '../servers/declare-tools.ts';
import { lockServer } from '../servers/find-server.ts';
import { registerServerIn } from '../servers/register-server.ts';
import { applyCommand } from './apply-command.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import { applyTools } from './apply-tools.ts';
import type { ServerInFile } from './config-file.ts';
import type { Path } from './read-config.ts';

const REASON = 'countersign.yaml';

/**
 * Makes servers so. Servers that the file does not name stay; `status: disabled` switches one off. A server keeps its
 * transport for life: another one under the same name would inherit its agents.
 */
export async function applyServers(run: ApplyRun, servers: readonly ServerInFile[]): Promise<Step> {
  for (const [index, wanted] of servers.entries()) {
    const path = ['servers', index];
    if (wanted.transport === 'stdio') await applyCommand(run, wanted.name, wanted.command, wanted.writable ?? []);
    const registered = await applyServer(run, wanted, path);
    if (!registered.ok) return registered;
    if (wanted.transport === 'external') continue;
    const tools = await applyTools(run, wanted, path);
    if (!tools.ok) return tools;
  }
  return ok(null);
}

async function applyServer(run: ApplyRun, wanted: ServerInFile, path: Path): Promise<Step> {
  const { write } = run;
  const present = await write.tx.server.findUnique({ where: { name: wanted.name } });
  if (present === null) {
    const added = await registerServerIn(write, newServer(wanted));
    if (!added.ok) return at(path, added.error);
    run.changes.push({ kind: 'add', what: 'server', name: wanted.name, fields: [] });
    return wanted.status === 'disabled' ? change(run, wanted, { status: 'disabled', reason: REASON }, path) : ok(null);
  }
  if (present.transport !== wanted.transport) {
    const detail = `${wanted.name} is a ${present.transport} server; give the new one another name.`;
    return at([...path, 'transport'], { code: 'invalid-request', detail });
  }
  const { tier, description, status } = wanted;
  const patch: ServerPatch = {
    ...(tier === undefined || tier === present.tier ? {} : { tier }),
    ...(description === undefined || description === present.description ? {} : { description }),
    ...(status === undefined || status === present.status ? {} : { status }),
    ...(wanted.transport === 'http' && wanted.url !== present.url ? { url: wanted.url } : {}),
    reason: REASON,
  };
  const changed = await change(run, wanted, patch, path);
  if (!changed.ok || wanted.transport !== 'external') return changed;
  return redeclare(run, wanted, path);
}

async function change(run: ApplyRun, wanted: ServerInFile, patch: ServerPatch, path: Path): Promise<Step> {
  const changed = await changeServerIn(run.write, wanted.name, patch);
  if (!changed.ok) return at(path, changed.error);
  if (changed.value.changed) {
    const fields = Object.keys(patch).filter((field) => field !== 'reason');
    run.changes.push({ kind: 'change', what: 'server', name: wanted.name, fields });
  }
  return ok(null);
}

type ExternalInFile = Extract<ServerInFile, { transport: 'external' }>;

async function redeclare(run: ApplyRun, wanted: ExternalInFile, path: Path): Promise<Step> {
  const server = await lockServer(run.write.tx, wanted.name);
  if (server === null) return at(path, { code: 'not-found' });
  const declared = await declareTools(run.write, server, toolsOf(wanted));
  if (!declared.ok) return at([...path, 'tools'], declared.error);
  if (declared.value > 0) {
    await bumpConfig(run.write.tx, 'servers', server.id);
    run.changes.push({ kind: 'change', what: 'server', name: wanted.name, fields: ['tools'] });
  }
  return ok(null);
}

function toolsOf(wanted: ExternalInFile): DeclaredTool[] {
  return Object.entries(wanted.tools).map(([name, tool]) => ({ ...tool, name, description: tool.description ?? '' }));
}

function newServer(wanted: ServerInFile): ServerCreate {
  const common = { name: wanted.name, tier: wanted.tier ?? 'high', description: wanted.description ?? '' };
  switch (wanted.transport) {
    case 'http':
      return { ...common, transport: 'http', url: wanted.url };
    case 'stdio':
      return { ...common, transport: 'stdio', command: wanted.name };
    case 'external':
      return { ...common, transport: 'external', tools: toolsOf(wanted) };
  }
}
