// Server-only.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { type RpcId, resultMessage } from './json-rpc.ts';

/**
 * A policy outcome as a tool result with `isError`: clients hand tool results to their model word for word, while they
 * wrap JSON-RPC errors in notices of their own (waiting.md).
 */
export function refusalMessage(id: RpcId, record: HoldRecord): string {
  const text = `${record.message} ${record.next} (code: ${record.code})`;
  return resultMessage(
    id,
    JSON.stringify({ content: [{ type: 'text', text }], structuredContent: record, isError: true }),
  );
}
