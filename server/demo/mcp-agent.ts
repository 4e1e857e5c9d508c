import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { holdRecordSchema } from '#lib/contracts/calls.ts';
import type { ScriptedCall } from './script.ts';

const LONGEST_WAIT_MS = 20 * 60_000;
const AGAIN_MS = 3_000;
const TRIES = 40;

export type McpAgent = {
  /** Makes one call and, while people decide, attaches to it again. Never throws: an agent that breaks ends the demo. */
  run(call: ScriptedCall): Promise<void>;
  close(): Promise<void>;
};

type Connection = { readonly client: Client; readonly transport: StreamableHTTPClientTransport };

/** An agent that reaches all its servers at the gateway's aggregate, with the official client. */
export function createMcpAgent(options: {
  readonly gatewayUrl: string;
  readonly token: () => Promise<string>;
  readonly stopped: AbortSignal;
}): McpAgent {
  const { gatewayUrl, token, stopped } = options;
  let connecting: Promise<Connection> | undefined;

  async function connect(): Promise<Connection> {
    const transport = new StreamableHTTPClientTransport(new URL(`${gatewayUrl}/mcp`), {
      fetch: async (url, init) => {
        const headers = new Headers(init?.headers);
        headers.set('authorization', `Bearer ${await token()}`);
        return fetch(url, { ...init, headers });
      },
    });
    const client = new Client({ name: 'demo-agent', version: '1.0.0' });
    // The transport's declared type differs from the interface in optional members only (exactOptionalPropertyTypes).
    await client.connect(transport as Parameters<Client['connect']>[0]);
    return { client, transport };
  }

  async function attempt(call: ScriptedCall): Promise<'over' | 'again'> {
    try {
      connecting ??= connect();
      const { client } = await connecting;
      const params = { name: `${call.server}__${call.tool}`, arguments: { ...call.arguments } };
      const result = await client.callTool(params, undefined, {
        timeout: LONGEST_WAIT_MS,
        resetTimeoutOnProgress: true,
        onprogress: () => undefined,
        signal: stopped,
      });
      const record = holdRecordSchema.safeParse(result.structuredContent);
      return record.success && record.data.decision === 'pending' ? 'again' : 'over';
    } catch {
      if (stopped.aborted) {
        return 'over';
      }
      // The gateway restarts, or the session ended with it: begin a new one.
      const broken = connecting;
      connecting = undefined;
      await broken?.then(({ client }) => client.close()).catch(() => undefined);
      return 'again';
    }
  }

  return {
    run: async (call) => {
      for (let tries = 0; tries < TRIES && !stopped.aborted; tries++) {
        if ((await attempt(call)) === 'over') {
          return;
        }
        await delay(AGAIN_MS, undefined, { signal: stopped }).catch(() => undefined);
      }
    },
    close: async () => {
      try {
        const open = await connecting;
        // Ends the session at the gateway, so that nobody is asked about calls whose agent has left.
        await open?.transport.terminateSession();
        await open?.client.close();
      } catch {
        // The gateway went first.
      }
    },
  };
}
