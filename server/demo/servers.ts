import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerCreate } from '#lib/contracts/servers.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import { writeConfig } from '#lib/server/db/config-write.ts';
import { freePort, probePort } from '#lib/server/postgres/free-port.ts';
import { acceptTools } from '#lib/server/servers/accept-tools.ts';
import { changeServer } from '#lib/server/servers/change-server.ts';
import { defineCommandIn } from '#lib/server/servers/define-command.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { readServer } from '#lib/server/servers/server-view.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import type { DemoContext } from '../supervisor/demo-hook.ts';
import { type DemoProcess, keepRunning } from './demo-process.ts';
import { must, OPERATOR } from './operator.ts';

const SCAN_TRIES = 40;
const SCAN_PAUSE_MS = 250;
const FILESYSTEM = '@modelcontextprotocol/server-filesystem/dist/index.js';

type Tags = Readonly<Record<string, readonly [Tier, ActionClass, string]>>;

/** What an admin would have set after reading the definitions; everything else keeps its suggestion. */
const TAGS: Readonly<Record<string, Tags>> = {
  everything: {
    echo: ['low', 'other', 'only answers what it is told'],
    'get-sum': ['low', 'other', 'adds two numbers'],
    'get-structured-content': ['low', 'docs-search', 'looks up the weather of three cities'],
    'get-annotated-message': ['low', 'other', 'only answers'],
    'get-tiny-image': ['low', 'other', 'always the same picture'],
    'get-env': ['high', 'secrets', 'tells the environment of its process'],
    'trigger-long-running-operation': ['medium', 'infra', 'keeps the server busy'],
  },
  workspace: {
    read_text_file: ['low', 'file-read', 'the scratch folder holds nothing secret'],
    read_multiple_files: ['low', 'file-read', 'the scratch folder holds nothing secret'],
    list_directory: ['low', 'file-read', 'the scratch folder holds nothing secret'],
    directory_tree: ['low', 'file-read', 'the scratch folder holds nothing secret'],
    search_files: ['low', 'file-read', 'the scratch folder holds nothing secret'],
    get_file_info: ['low', 'file-read', 'the scratch folder holds nothing secret'],
    list_allowed_directories: ['low', 'file-read', 'tells only the scratch folder'],
    edit_file: ['medium', 'file-write', 'changes can be read back from the diff'],
    create_directory: ['medium', 'file-write', 'takes nothing away'],
  },
};

/** Registers the demo's servers, starts the one that listens, and accepts the tools of those that are new. */
export async function makeServers(context: DemoContext, workspace: string): Promise<DemoProcess> {
  const port = await choosePort(context);
  const everything = keepRunning({
    file: './everything-process.ts',
    args: ['streamableHttp'],
    environment: { PORT: String(port) },
  });
  try {
    await register(context, {
      transport: 'http',
      name: 'everything',
      url: `http://127.0.0.1:${port}/mcp`,
      tier: 'medium',
      description: 'The official server that exercises all of MCP, on this machine',
      egress: {
        scheme: 'http',
        host: '127.0.0.1',
        port,
        path: '/mcp',
        cidr: '127.0.0.1/32',
        reason: 'MCP server of the demo, on this machine',
        expires: null,
      },
    });
    const argv = [process.execPath, fileURLToPath(import.meta.resolve(FILESYSTEM)), workspace];
    must(
      await writeConfig(context, OPERATOR, (write) =>
        defineCommandIn({ ...write, actor: OPERATOR }, 'workspace-files', argv),
      ),
    );
    await register(context, {
      transport: 'stdio',
      name: 'workspace',
      command: 'workspace-files',
      tier: 'high',
      description: 'The official filesystem server, in a scratch folder of the demo',
    });
    await register(context, {
      transport: 'external',
      name: 'release-host',
      tier: 'high',
      description: 'What the release agent runs by itself, and asks for through the decision API',
      tools: [
        { name: 'deploy', class: 'deploy', description: 'Puts a version of a service into an environment' },
        { name: 'exec', class: 'shell', description: 'Runs a program in the workspace' },
        {
          name: 'create_ticket',
          class: 'ticketing',
          tier: 'medium',
          description: 'Opens a ticket',
          reason: 'a ticket can be closed again',
        },
        {
          name: 'service_status',
          class: 'docs-search',
          tier: 'low',
          description: 'Tells which version runs where',
          reason: 'reads only',
        },
      ],
    });
    return everything;
  } catch (error) {
    await everything.stop();
    throw error;
  }
}

/** The port of the last start while it is free: another one would be another server, with every pin void. */
async function choosePort({ prisma }: DemoContext): Promise<number> {
  const known = await prisma.server.findUnique({ where: { name: 'everything' } });
  const last = known?.url == null ? undefined : Number(new URL(known.url).port);
  return last !== undefined && (await probePort(last, '127.0.0.1')) === 'free' ? last : freePort();
}

async function register(context: DemoContext, input: ServerCreate): Promise<void> {
  const known = await readServer(context.prisma, input.name);
  const moved = known !== null && input.transport === 'http' && known.url !== input.url;
  if (known === null) {
    must(await registerServer(context, OPERATOR, input));
  } else if (moved) {
    const patch = { url: input.url, egress: input.egress, reason: 'the demo found another free port' };
    must(await changeServer(context, OPERATOR, input.name, patch));
  } else if (known.tools.accepted > 0) {
    // What a human has changed since stays as it is.
    return;
  }
  if (input.transport !== 'external') {
    await acceptAll(context, input.name);
  }
}

async function acceptAll(context: DemoContext, name: string): Promise<void> {
  let scanned = await scanServer(context, OPERATOR, name);
  // The server may still be starting.
  for (let tries = 0; !scanned.ok && tries < SCAN_TRIES; tries++) {
    await delay(SCAN_PAUSE_MS);
    scanned = await scanServer(context, OPERATOR, name);
  }
  must(scanned);
  const found = await readServer(context.prisma, name);
  const tools = (found?.toolList ?? []).filter((tool) => tool.pinState !== 'missing');
  const shown = tools.map((tool) => ({ name: tool.name, digest: tool.definitionDigest }));
  must(await acceptTools(context, OPERATOR, name, shown));
  const tags = TAGS[name] ?? {};
  for (const tool of tools) {
    const tag = tags[tool.name];
    if (tag !== undefined) {
      const [tier, actionClass, reason] = tag;
      must(await changeTool(context, OPERATOR, name, tool.name, { tier, class: actionClass, reason }));
    }
  }
}
