// Server-only. A child of the runner as a transport of the official MCP client.
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ChildHandle } from './runner-client.ts';

const LF = 0x0a;

export type ChildTransport = Transport & {
  /** The protocol version that was agreed on; the library tells it to transports only. */
  negotiated(): string | null;
};

/** Newline-delimited JSON-RPC over a child's pipes. A line above `mostLineBytes` ends the child. */
export function childTransport(child: ChildHandle, mostLineBytes: number): ChildTransport {
  let agreed: string | null = null;
  let kept: Buffer[] = [];
  let keptBytes = 0;
  const transport: ChildTransport = {
    negotiated: () => agreed,
    start: async () => {
      child.stdout.on('data', (chunk: Buffer) => {
        let from = 0;
        for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
          hear(Buffer.concat([...kept, chunk.subarray(from, end)]).toString('utf8'));
          kept = [];
          keptBytes = 0;
          from = end + 1;
        }
        const rest = chunk.subarray(from);
        keptBytes += rest.length;
        if (keptBytes > mostLineBytes) {
          kept = [];
          child.kill();
        } else if (rest.length > 0) kept.push(rest);
      });
      child.exited.then(
        () => transport.onclose?.(),
        () => undefined,
      );
    },
    send: async (message) => child.write(serializeMessage(message)),
    close: async () => {
      await child.stop();
    },
    setProtocolVersion: (version) => {
      agreed = version;
    },
  };
  const hear = (line: string) => {
    try {
      transport.onmessage?.(deserializeMessage(line.replace(/\r$/, '')));
    } catch (error) {
      transport.onerror?.(error instanceof Error ? error : new Error('not JSON-RPC'));
    }
  };
  return transport;
}
