import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLIENTS, snippetsFor, waysOf } from './connect-snippets.ts';

const AGENT = {
  gatewayUrl: 'http://127.0.0.1:4000/',
  aggregate: false,
  mcpServers: ['tickets', 'file-store'],
  clientId: 'agent-1',
  requestTimeoutMs: 850_000,
};

describe('the configuration shown for a client', () => {
  it('points at each allowed server with a token of its own, or at one address for an agent that may use the aggregate', () => {
    assert.deepEqual(
      waysOf(AGENT).map((way) => [way.url, way.audience, way.variable]),
      [
        ['http://127.0.0.1:4000/mcp/tickets', '/mcp/tickets', 'COUNTERSIGN_TOKEN_TICKETS'],
        ['http://127.0.0.1:4000/mcp/file-store', '/mcp/file-store', 'COUNTERSIGN_TOKEN_FILE_STORE'],
      ],
    );
    assert.deepEqual(
      waysOf({ ...AGENT, aggregate: true }).map((way) => way.url),
      ['http://127.0.0.1:4000/mcp'],
    );
  });

  it('is valid JSON where the client reads JSON, and names every server', () => {
    for (const client of ['openclaw', 'claude-code', 'cursor', 'gemini'] as const) {
      const text = snippetsFor(client, AGENT)[0]?.text ?? '';
      assert.doesNotThrow(() => JSON.parse(text), client);
      assert.match(text, /mcp\/tickets/);
      assert.match(text, /mcp\/file-store/);
    }
  });

  it('gives OpenClaw the waiting time that the agent was registered with, and none when it was not', () => {
    assert.match(snippetsFor('openclaw', AGENT)[0]?.text ?? '', /"requestTimeoutMs": 850000/);
    assert.doesNotMatch(
      snippetsFor('openclaw', { ...AGENT, requestTimeoutMs: null })[0]?.text ?? '',
      /requestTimeoutMs/,
    );
  });

  it('leaves only plain HTTP for an agent that may use no MCP server, with or without the aggregate', () => {
    for (const aggregate of [false, true]) {
      const none = { ...AGENT, aggregate, mcpServers: [] };
      assert.deepEqual(
        CLIENTS.filter((client) => snippetsFor(client, none).length > 0),
        ['http'],
      );
    }
  });
});
