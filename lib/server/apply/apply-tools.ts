// Server-only.
import { ok } from '#lib/core/result.ts';
import { bumpConfig } from '../db/config-head.ts';
import { acceptToolsIn } from '../servers/accept-tools.ts';
import { lockServer } from '../servers/find-server.ts';
import { storeDiscovery } from '../servers/store-discovery.ts';
import { tagToolIn } from '../servers/tag-tool.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import type { ServerInFile } from './config-file.ts';
import type { Path } from './read-config.ts';

type Discovered = Exclude<ServerInFile, { transport: 'external' }>;

/** Accepts what was found where the file says `accept: true`, then sets the tags of the file. */
export async function applyTools(run: ApplyRun, wanted: Discovered, path: Path): Promise<Step> {
  const found = run.found.get(wanted.name);
  if (found !== undefined) {
    const accepted = await acceptFound(run, wanted, path);
    if (!accepted.ok) return accepted;
  }
  for (const [tool, tag] of Object.entries(wanted.tools ?? {})) {
    const tagged = await tagToolIn(run.write, wanted.name, tool, tag);
    if (tagged.ok) {
      if (tagged.value.changed) pushTag(run, wanted.name, tool);
      continue;
    }
    // In a dry run nobody asked the server yet, so a tool that is not known may still be found.
    if (run.dryRun && found !== undefined && tagged.error.code === 'not-found') {
      pushTag(run, wanted.name, tool);
      continue;
    }
    const detail = `${wanted.name} has no tool ${tool} yet: scan it, or set accept: true.`;
    const refusal = tagged.error.code === 'not-found' ? { code: 'unknown-tool' as const, detail } : tagged.error;
    return at([...path, 'tools', tool], refusal);
  }
  return ok(null);
}

function pushTag(run: ApplyRun, server: string, tool: string): void {
  run.changes.push({ kind: 'tag', what: 'tool', name: `${server}/${tool}`, fields: ['tier', 'class'] });
}

async function acceptFound(run: ApplyRun, wanted: Discovered, path: Path): Promise<Step> {
  const { write } = run;
  const found = run.found.get(wanted.name);
  const server = await lockServer(write.tx, wanted.name);
  if (server === null || found === undefined) return ok(null);
  if (found.kind === 'dry') {
    const accepted = await write.tx.tool.count({ where: { serverId: server.id, pinState: 'accepted' } });
    const waiting = await write.tx.tool.count({ where: { serverId: server.id, pinState: { in: ['new', 'drifted'] } } });
    if (accepted === 0 || waiting > 0) {
      run.changes.push({ kind: 'accept', what: 'server', name: wanted.name, fields: ['what is found then'] });
    }
    return ok(null);
  }
  const outcome = await storeDiscovery(write, server, found.discovery);
  const shown = found.discovery.tools.map(({ name, digest }) => ({ name, digest }));
  const accepted = await acceptToolsIn(write, wanted.name, shown);
  if (!accepted.ok) return at([...path, 'accept'], accepted.error);
  if (outcome.changed && accepted.value.accepted === 0) await bumpConfig(write.tx, 'servers', server.id);
  if (accepted.value.accepted > 0 || outcome.missing > 0) {
    const fields = [`${accepted.value.accepted} accepted`, `${outcome.missing} missing`];
    run.changes.push({ kind: 'accept', what: 'server', name: wanted.name, fields });
  }
  return ok(null);
}
