import type { AgentDetail } from '#lib/contracts/agents.ts';

/** The ways in we can write down exactly. */
export const CLIENTS = ['sdk', 'openclaw', 'claude-code', 'codex', 'cursor', 'gemini', 'http'] as const;
export type ClientKind = (typeof CLIENTS)[number];

export const CLIENT_WORDS: Readonly<Record<ClientKind, string>> = {
  sdk: 'MCP SDK',
  openclaw: 'OpenClaw',
  'claude-code': 'Claude Code',
  codex: 'Codex',
  cursor: 'Cursor',
  gemini: 'Gemini CLI',
  http: 'Plain HTTP',
};

/** An address agents may be pointed at, with the audience its token must have and the variable that holds it. */
export type Way = { readonly name: string; readonly url: string; readonly audience: string; readonly variable: string };

export type Snippet = { readonly label: string; readonly text: string };

type Agent = Pick<AgentDetail, 'gatewayUrl' | 'aggregate' | 'mcpServers' | 'clientId' | 'requestTimeoutMs'>;

/**
 * Where this agent may go over MCP: everything under one address if it has that right, else each server by itself.
 * None where all its servers are external: those are asked about over plain HTTP.
 */
export function waysOf(agent: Agent): readonly Way[] {
  const base = agent.gatewayUrl.replace(/\/$/, '');
  if (agent.mcpServers.length === 0) return [];
  if (agent.aggregate) {
    return [{ name: 'countersign', url: `${base}/mcp`, audience: '/mcp', variable: 'COUNTERSIGN_TOKEN' }];
  }
  return agent.mcpServers.map((server) => ({
    name: server,
    url: `${base}/mcp/${server}`,
    audience: `/mcp/${server}`,
    variable: `COUNTERSIGN_TOKEN_${server.toUpperCase().replaceAll('-', '_')}`,
  }));
}

/** Whether a client is configured with a static token; the others fetch short-lived ones with the agent's secret. */
export function needsToken(client: ClientKind): boolean {
  return client !== 'sdk' && client !== 'http';
}

const pretty = (value: unknown) => JSON.stringify(value, null, 2);
const entries = (ways: readonly Way[], make: (way: Way) => unknown) =>
  Object.fromEntries(ways.map((way) => [way.name, make(way)]));

/** What to put where, exactly, for one client. Secrets never appear: they are read from the environment. */
export function snippetsFor(client: ClientKind, agent: Agent): readonly Snippet[] {
  const ways = waysOf(agent);
  const first = ways[0];
  if (first === undefined && client !== 'http') return [];
  const base = agent.gatewayUrl.replace(/\/$/, '');
  switch (client) {
    case 'sdk':
      return [{ label: 'agent.ts', text: sdkText(agent.clientId, first?.url ?? base, base) }];
    case 'openclaw': {
      const timeout = agent.requestTimeoutMs === null ? {} : { requestTimeoutMs: agent.requestTimeoutMs };
      const servers = entries(ways, (way) => ({
        url: way.url,
        transport: 'streamable-http',
        headers: { Authorization: `Bearer \${${way.variable}}` },
        ...timeout,
      }));
      return [{ label: 'openclaw.json', text: pretty({ mcp: { servers } }) }];
    }
    case 'claude-code': {
      const mcpServers = entries(ways, (way) => ({
        type: 'http',
        url: way.url,
        headers: { Authorization: `Bearer \${${way.variable}}` },
      }));
      return [{ label: '.mcp.json', text: pretty({ mcpServers }) }];
    }
    case 'codex':
      return [{ label: '~/.codex/config.toml', text: ways.map(codexText).join('\n\n') }];
    case 'cursor': {
      const mcpServers = entries(ways, (way) => ({
        url: way.url,
        headers: { Authorization: `Bearer \${env:${way.variable}}` },
      }));
      return [{ label: '.cursor/mcp.json', text: pretty({ mcpServers }) }];
    }
    case 'gemini': {
      const mcpServers = entries(ways, (way) => ({
        httpUrl: way.url,
        headers: { Authorization: `Bearer $${way.variable}` },
        timeout: 600_000,
      }));
      return [{ label: '~/.gemini/settings.json', text: pretty({ mcpServers }) }];
    }
    case 'http':
      return [
        { label: 'a token for 15 minutes', text: tokenText(base, agent.clientId, `${base}/api/v1/calls`) },
        { label: 'ask for a decision', text: callText(base) },
      ];
  }
}

function sdkText(clientId: string, url: string, issuer: string): string {
  return `import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const authProvider = new ClientCredentialsProvider({
  clientId: '${clientId}',
  clientSecret: process.env.COUNTERSIGN_CLIENT_SECRET ?? '',
  expectedIssuer: '${issuer}',
});
const client = new Client({ name: 'my-agent', version: '1.0.0' });
const url = new URL('${url}');
await client.connect(new StreamableHTTPClientTransport(url, { authProvider }));
console.log(await client.listTools());

// Progress keeps a held call open; without it the client gives up after 60 s.
const patient = { timeout: 900_000, resetTimeoutOnProgress: true, onprogress: () => undefined };
console.log(await client.callTool({ name: 'TOOL', arguments: {} }, undefined, patient));
await client.close();`;
}

function codexText(way: Way): string {
  return `[mcp_servers.${way.name}]
url = "${way.url}"
bearer_token_env_var = "${way.variable}"
tool_timeout_sec = 300
default_tools_approval_mode = "approve"`;
}

function tokenText(base: string, clientId: string, resource: string): string {
  return `curl -s ${base}/oauth/token \\
  -u "${clientId}:$COUNTERSIGN_CLIENT_SECRET" \\
  -d grant_type=client_credentials \\
  --data-urlencode resource=${resource}`;
}

function callText(base: string): string {
  return `curl -s ${base}/api/v1/calls \\
  -H "authorization: Bearer $COUNTERSIGN_TOKEN" \\
  -H "content-type: application/json" \\
  -d '{"server": "SERVER", "tool": "TOOL", "arguments": {}, "wait": 30}'`;
}
