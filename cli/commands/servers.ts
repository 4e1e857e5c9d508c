import { type Command, Option } from 'commander';
import type { ServerDetail } from '#lib/contracts/servers.ts';
import { sha256Hex } from '#lib/core/hash/sha256.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { ACTION_CLASSES, type ActionClass, TIERS, type Tier } from '#lib/core/risk/types.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { acceptTools } from '#lib/server/servers/accept-tools.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { listServers, readServer } from '#lib/server/servers/server-view.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime, table, tableOr } from '../table.ts';
import { runningOf } from './commands.ts';

const MOST = 200;
const SEEN_CHARACTERS = 16;

type TagOptions = { tier?: Tier; class?: ActionClass; reason: string };

export function addServers(program: Command, cli: Cli): void {
  const servers = program.command('servers').description('MCP servers, their tools and risk tags');
  servers
    .command('list')
    .description('all servers; with a name, its tools')
    .argument('[name]')
    .action((name: string | undefined) =>
      cli.onHost((host) => (name === undefined ? list(host) : listTools(host, name))),
    );
  servers
    .command('scan')
    .description('read the tools a server offers now; nothing is accepted')
    .argument('<name>')
    .action((name: string) =>
      cli.onHost(async (host) => {
        const scanned = await scanServer(host, host.actor, name);
        if (!scanned.ok) {
          return refused(scanned.error);
        }
        const { found, added, drifted, missing, leftOut } = scanned.value;
        const counts = `${found} tools: ${added} new, ${drifted} changed, ${missing} gone, ${leftOut} left out.`;
        return done(scanned.value, [counts]);
      }),
    );
  servers
    .command('tag')
    .description('set a tool’s tier or action class, with a reason')
    .argument('<server>')
    .argument('<tool>')
    .addOption(new Option('--tier <tier>', 'how much harm it can do').choices([...TIERS]))
    .addOption(new Option('--class <class>', 'what it does').choices([...ACTION_CLASSES]))
    .requiredOption('--reason <text>', 'why')
    .action((server: string, tool: string, options: TagOptions) =>
      cli.onHost(async (host) => {
        if (options.tier === undefined && options.class === undefined) {
          return failed(EXIT.usage, 'usage', 'Give --tier, --class or both.');
        }
        const tagged = await changeTool(host, host.actor, server, tool, options);
        if (!tagged.ok) {
          return refused(tagged.error);
        }
        return done(tagged.value, [tagged.value.changed ? 'Tagged.' : 'It was tagged so already.']);
      }),
    );
  servers
    .command('accept')
    .description('accept definitions that wait; shows them first')
    .argument('<server>')
    .argument('[tools...]', 'only these')
    .option('--seen <digest>', 'accept exactly what was shown under this digest')
    .action((server: string, tools: string[], options: { seen?: string }) =>
      cli.onHost((host) => accept(host, server, tools, options.seen)),
    );
}

async function list(host: Host): Promise<Outcome> {
  const { items } = await listServers(host.prisma, { limit: MOST });
  const rows = items.map((one) => [
    one.name,
    one.transport,
    one.tier,
    one.status,
    `${one.tools.accepted} of ${one.tools.total}`,
    String(one.tools.waiting),
    one.lastScanAt === null ? 'never' : shortTime(one.lastScanAt),
  ]);
  const header = ['NAME', 'TRANSPORT', 'TIER', 'STATUS', 'ACCEPTED', 'WAITING', 'LAST SCAN'];
  const programs = await Promise.all(
    items.filter((one) => one.transport === 'stdio').map((one) => programOf(host, one.name)),
  );
  return done({ items, programs }, tableOr('No server yet.', header, rows));
}

/** What runs for a stdio server: which package under which integrity, and in which sandbox. */
async function programOf(host: Host, server: string) {
  const running = await runningOf(host, server);
  return running.ok ? { server, sandbox: running.value.sandbox, package: running.value.package } : { server };
}

async function listTools(host: Host, name: string): Promise<Outcome> {
  const server = await readServer(host.prisma, name);
  if (server === null) {
    return refused({ code: 'not-found', detail: 'There is no such server.' });
  }
  const rows = server.toolList.map((tool) => [
    tool.name,
    tool.pinState,
    tool.tier,
    tool.actionClass,
    tool.suggestedTier,
    tool.tagReason ?? '',
  ]);
  const header = ['TOOL', 'STATE', 'TIER', 'CLASS', 'SUGGESTED', 'REASON'];
  return done(server, tableOr('No tool yet: scan it.', header, rows));
}

/** Two runs: the first shows the definitions and their digest, the second accepts exactly what that digest stands for. */
async function accept(host: Host, name: string, only: readonly string[], seen?: string): Promise<Outcome> {
  const server = await readServer(host.prisma, name);
  if (server === null) {
    return refused({ code: 'not-found', detail: 'There is no such server.' });
  }
  const unknown = only.find((tool) => !server.toolList.some((one) => one.name === tool));
  if (unknown !== undefined) {
    return refused({ code: 'not-found', detail: `There is no tool ${unknown}.` });
  }
  const waiting = server.toolList.filter(
    (tool) =>
      (tool.pinState === 'new' || tool.pinState === 'drifted') && (only.length === 0 || only.includes(tool.name)),
  );
  const shown = waiting.map((tool) => ({ name: tool.name, digest: tool.definitionDigest }));
  if (shown.length === 0) {
    return done({ accepted: 0 }, ['No definition waits.']);
  }
  const digest = sha256Hex(canonicalJson(shown)).slice(0, SEEN_CHARACTERS);
  if (seen === digest) {
    const accepted = await acceptTools(host, host.actor, name, shown);
    return accepted.ok
      ? done(accepted.value, [`${accepted.value.accepted} definition(s) accepted.`])
      : refused(accepted.error);
  }
  const stale = seen === undefined ? [] : ['These are not the definitions that were shown under that digest.'];
  const command = ['npx countersign servers accept', name, ...only, '--seen', digest].join(' ');
  return {
    exit: seen === undefined ? EXIT.ok : EXIT.refused,
    data: { waiting, seen: digest },
    lines: [...stale, ...waiting.flatMap(describe), `To accept exactly these: ${toVisible(command)}`],
  };
}

function describe(tool: ServerDetail['toolList'][number]): string[] {
  const { name, pinState, suggestedTier, suggestedClass, definition, diff, suggestionReasons } = tool;
  const changes = diff.map(({ path, before, after }) => [path, before ?? '(absent)', after ?? '(absent)']);
  return [
    toVisible(`${name} (${pinState}; suggested ${suggestedTier}, ${suggestedClass})`),
    ...suggestionReasons.map((reason) => `  ${toVisible(reason)}`),
    ...(changes.length === 0
      ? [`  ${toVisible(JSON.stringify(definition))}`]
      : table(['CHANGED', 'BEFORE', 'NOW'], changes).map((line) => `  ${line}`)),
    '',
  ];
}
