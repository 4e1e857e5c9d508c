// What each client's configuration calls a server, and where that configuration lies.
import { join } from 'node:path';
import type { JsonObject } from '#lib/core/json/value.ts';

export const CLIENTS = ['openclaw', 'claude-code', 'codex', 'cursor', 'gemini', 'sdk'] as const;
export type ClientName = (typeof CLIENTS)[number];

/** One address of the gateway, as the client will name it. */
export type Way = {
  readonly name: string;
  /** The program that carries it, and its arguments; null: the client speaks HTTP itself. */
  readonly bridge: { readonly command: string; readonly args: readonly string[] } | null;
  readonly url: string;
  /** The environment variable with the token, for a client that speaks HTTP itself. */
  readonly variable: string;
};

export type Place =
  | { readonly kind: 'json'; readonly file: string; readonly path: readonly string[] }
  | { readonly kind: 'toml'; readonly file: string }
  /** Nothing to write into: shown, to be pasted. */
  | { readonly kind: 'shown' };

/** Just below the client's own limits: OpenClaw's watchdog ends a call at 900 s. */
const OPENCLAW_MS = 850_000;
const CODEX_S = 300;
const GEMINI_MS = 600_000;

/** Where the client looks by default. `project` files belong to the directory one works in. */
export function placeOf(client: ClientName, home: string, directory: string, file: string | undefined): Place {
  switch (client) {
    case 'openclaw':
      return { kind: 'json', file: file ?? join(home, '.openclaw', 'openclaw.json'), path: ['mcp', 'servers'] };
    case 'claude-code':
      return { kind: 'json', file: file ?? join(directory, '.mcp.json'), path: ['mcpServers'] };
    case 'cursor':
      return { kind: 'json', file: file ?? join(home, '.cursor', 'mcp.json'), path: ['mcpServers'] };
    case 'gemini':
      return { kind: 'json', file: file ?? join(home, '.gemini', 'settings.json'), path: ['mcpServers'] };
    case 'codex':
      return { kind: 'toml', file: file ?? join(home, '.codex', 'config.toml') };
    case 'sdk':
      return { kind: 'shown' };
  }
}

/** The entry of a client with a JSON file. A token is only ever named, by the client's own notation for variables. */
export function jsonEntry(client: Exclude<ClientName, 'codex' | 'sdk'>, way: Way): JsonObject {
  const run = way.bridge === null ? null : { command: way.bridge.command, args: [...way.bridge.args] };
  switch (client) {
    case 'openclaw': {
      const headers = { Authorization: `Bearer \${${way.variable}}` };
      const base = run ?? { url: way.url, transport: 'streamable-http', headers };
      return { ...base, requestTimeoutMs: OPENCLAW_MS };
    }
    case 'claude-code':
      return run === null
        ? { type: 'http', url: way.url, headers: { Authorization: `Bearer \${${way.variable}}` } }
        : { type: 'stdio', ...run };
    case 'cursor':
      return run ?? { url: way.url, headers: { Authorization: `Bearer \${env:${way.variable}}` } };
    case 'gemini': {
      const base = run ?? { httpUrl: way.url, headers: { Authorization: `Bearer $${way.variable}` } };
      return { ...base, timeout: GEMINI_MS };
    }
  }
}

/** The table of Codex's TOML. The gateway decides, so Codex itself is told to ask nobody. */
export function tomlEntry(way: Way): string {
  const lines =
    way.bridge === null
      ? [`url = ${quoted(way.url)}`, `bearer_token_env_var = ${quoted(way.variable)}`]
      : [`command = ${quoted(way.bridge.command)}`, `args = [${way.bridge.args.map(quoted).join(', ')}]`];
  return [
    `[mcp_servers.${way.name}]`,
    ...lines,
    `tool_timeout_sec = ${CODEX_S}`,
    'default_tools_approval_mode = "approve"',
  ].join('\n');
}

/** For one's own program with the official SDK. */
export function sdkText(way: Way): string {
  if (way.bridge === null) {
    return [
      "import { env } from 'node:process';",
      "import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';",
      `const transport = new StreamableHTTPClientTransport(new URL('${way.url}'), {`,
      `  requestInit: { headers: { authorization: \`Bearer \${env.${way.variable}}\` } },`,
      '});',
    ].join('\n');
  }
  return [
    "import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';",
    'const transport = new StdioClientTransport({',
    `  command: ${JSON.stringify(way.bridge.command)},`,
    `  args: ${JSON.stringify(way.bridge.args)},`,
    '});',
    '// Progress keeps a held call open; without it the client gives up after 60 s.',
    'const patient = { timeout: 900_000, resetTimeoutOnProgress: true, onprogress: () => undefined };',
  ].join('\n');
}

/** A TOML basic string; JSON's escapes are a subset of it. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
