import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ApplyRefusal, applyConfig } from '#lib/server/apply/apply-config.ts';
import type { EgressInFile, ServerInFile } from '#lib/server/apply/config-file.ts';
import { createLog } from '#lib/server/log.ts';
import { freePort, probePort } from '#lib/server/postgres/free-port.ts';
import { childStarterOf } from '#lib/server/runner/child-starter.ts';
import { listCommands } from '#lib/server/servers/list-commands.ts';
import { readServer } from '#lib/server/servers/server-view.ts';
import type { DemoContext } from '../supervisor/demo-hook.ts';
import { type DemoProcess, keepRunning } from './demo-process.ts';
import { OPERATOR } from './operator.ts';

const TRIES = 40;
const PAUSE_MS = 250;
const FILESYSTEM = '@modelcontextprotocol/server-filesystem/dist/index.js';
const READ = { tier: 'low', class: 'file-read', reason: 'the scratch folder holds nothing secret' } as const;
const WRITE = { tier: 'medium', class: 'file-write', reason: 'takes nothing away' } as const;

/** Registers the demo's servers, starts the one that listens, and accepts the tools of those that are new. */
export async function makeServers(context: DemoContext, workspace: string): Promise<DemoProcess> {
  const port = await choosePort(context);
  const everything = keepRunning({
    file: './everything-process.ts',
    args: ['streamableHttp'],
    environment: { PORT: String(port) },
  });
  try {
    const entry = { scheme: 'http', host: '127.0.0.1', port, path: '/mcp', cidr: '127.0.0.1/32' } as const;
    await register(context, everythingServer(port), [{ ...entry, reason: 'MCP server of the demo, on this machine' }]);
    await register(context, workspaceServer(workspace));
    await register(context, RELEASE_HOST);
    return everything;
  } catch (error) {
    await everything.stop();
    throw error;
  }
}

function everythingServer(port: number): ServerInFile {
  return {
    name: 'everything',
    transport: 'http',
    url: `http://127.0.0.1:${port}/mcp`,
    tier: 'medium',
    description: 'The official server that exercises all of MCP, on this machine',
    accept: true,
    tools: {
      echo: { tier: 'low', class: 'other', reason: 'only answers what it is told' },
      'get-sum': { tier: 'low', class: 'other', reason: 'adds two numbers' },
      'get-structured-content': { tier: 'low', class: 'docs-search', reason: 'looks up the weather of three cities' },
      'get-annotated-message': { tier: 'low', class: 'other', reason: 'only answers' },
      'get-tiny-image': { tier: 'low', class: 'other', reason: 'always the same picture' },
      'get-env': { tier: 'high', class: 'secrets', reason: 'tells the environment of its process' },
      'trigger-long-running-operation': { tier: 'medium', class: 'infra', reason: 'keeps the server busy' },
    },
  };
}

function workspaceServer(workspace: string): ServerInFile {
  return {
    name: 'workspace',
    transport: 'stdio',
    command: [process.execPath, fileURLToPath(import.meta.resolve(FILESYSTEM)), workspace],
    writable: [workspace],
    tier: 'high',
    description: 'The official filesystem server, in a scratch folder of the demo',
    accept: true,
    tools: {
      read_text_file: READ,
      read_multiple_files: READ,
      list_directory: READ,
      list_directory_with_sizes: READ,
      directory_tree: READ,
      search_files: READ,
      get_file_info: READ,
      list_allowed_directories: READ,
      edit_file: WRITE,
      create_directory: WRITE,
    },
  };
}

const RELEASE_HOST: ServerInFile = {
  name: 'release-host',
  transport: 'external',
  tier: 'high',
  description: 'What the release agent runs by itself, and asks for through the decision API',
  tools: {
    deploy: { class: 'deploy', description: 'Puts a version of a service into an environment' },
    exec: { class: 'shell', description: 'Runs a program in the workspace' },
    create_ticket: {
      class: 'ticketing',
      tier: 'medium',
      description: 'Opens a ticket',
      reason: 'a ticket can be closed again',
    },
    service_status: {
      class: 'docs-search',
      tier: 'low',
      description: 'Tells which version runs where',
      reason: 'reads only',
    },
  },
};

/** The port of the last start while it is free: another one would be another server, with every pin void. */
async function choosePort({ prisma }: DemoContext): Promise<number> {
  const url = (await readServer(prisma, 'everything'))?.url ?? null;
  const last = url === null ? undefined : Number(new URL(url).port);
  return last !== undefined && (await probePort(last, '127.0.0.1')) === 'free' ? last : freePort();
}

/** Applies one server, unless it stands already: what a human has changed in the console since stays as it is. */
async function register(context: DemoContext, server: ServerInFile, egress: EgressInFile[] = []): Promise<void> {
  if (await stands(context, server)) {
    return;
  }
  const { prisma, keys, env } = context;
  const startChild = childStarterOf(env, keys, createLog('silent', 'demo'));
  const options = { prisma, keys, startChild, actor: OPERATOR, dryRun: false, consoleUrl: env.consoleUrl };
  // JSON is YAML, and the file is the only way in for commands.
  const file = JSON.stringify({ version: 1, servers: [server], egress });
  let applied = await applyConfig(file, options);
  // The server may still be starting.
  for (let tries = 1; !applied.ok && isAway(applied.error) && tries < TRIES; tries++) {
    await delay(PAUSE_MS);
    applied = await applyConfig(file, options);
  }
  if (!applied.ok) {
    const [fault] = applied.error.faults;
    throw new Error(`${server.name}: ${fault?.message ?? applied.error.code}`);
  }
}

async function stands({ prisma }: DemoContext, server: ServerInFile): Promise<boolean> {
  const known = await readServer(prisma, server.name);
  if (known === null) {
    return false;
  }
  switch (server.transport) {
    case 'http':
      return known.url === server.url;
    case 'stdio': {
      const { items } = await listCommands(prisma);
      const argv = items.find((command) => command.name === server.name)?.argv;
      return JSON.stringify(argv) === JSON.stringify(server.command);
    }
    case 'external':
      return true;
  }
}

function isAway(refusal: ApplyRefusal): boolean {
  return refusal.faults.some((fault) => fault.code === 'scan-failed');
}
