// Server-only. How the outcome of a call is said to a client, by method and era.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import type { RpcId } from './json-rpc.ts';
import { refusalMessage } from './tool-result.ts';

export type Speech = {
  /** A refusal, as a whole message. */
  refusal(id: RpcId, record: HoldRecord): string;
  /** A call that still waits for people when its client's time is up. */
  pending(id: RpcId, record: HoldRecord): string | Promise<string>;
  /** The upstream's answer: a whole message with our id. */
  answer(json: string): string;
};

/** tools/call: clients hand tool results to their model word for word, so a policy outcome is one. */
export const TOOL_SPEECH: Speech = { refusal: refusalMessage, pending: refusalMessage, answer: (json) => json };

/** Methods whose results have no `isError`: a JSON-RPC error, with the record and its code in `data`. */
export const METHOD_SPEECH: Speech = { refusal: errorRecord, pending: errorRecord, answer: (json) => json };

function errorRecord(id: RpcId, record: HoldRecord): string {
  const { rpc } = PROBLEMS[knownCode(record.code)];
  // Only what tells a malformed request apart keeps its own number; every policy outcome is -32001.
  const code = rpc === -32602 ? rpc : -32001;
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: record.message, data: record } });
}

function knownCode(code: string): ProblemCode {
  return isProblemCode(code) ? code : 'internal';
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
