// Server-only. Whole answers to one POST: JSON with a status, and errors that carry one of our codes.
import type { ServerResponse } from 'node:http';
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import type { JsonValue } from '#lib/core/json/value.ts';
import { errorMessage, type RpcId } from './json-rpc.ts';

/** Answers with JSON text. Does nothing once an answer has begun. */
export function sendJson(response: ServerResponse, status: number, json: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  response.end(json);
}

/** Answers with an error of our table; the HTTP status is the table's unless the caller knows better. */
export function sendError(
  response: ServerResponse,
  id: RpcId | null,
  code: ProblemCode,
  detail?: string,
  status: number = PROBLEMS[code].status,
): void {
  sendJson(response, status, errorMessage(id, code, detail));
}

/** The same with more members in `data`, where the protocol asks for them. */
export function sendErrorWith(
  response: ServerResponse,
  id: RpcId | null,
  code: ProblemCode,
  detail: string,
  data: Readonly<Record<string, JsonValue>>,
): void {
  const row = PROBLEMS[code];
  const error = { code: row.rpc, message: detail, data: { code, ...data, next: row.next } };
  sendJson(response, row.status, JSON.stringify({ jsonrpc: '2.0', id, error }));
}

/** A method we do not have: in-band for the 2025 revisions, 404 for the one of 2026-07-28. */
export function sendNoSuchMethod(response: ServerResponse, id: RpcId, status: 200 | 404): void {
  sendJson(response, status, errorMessage(id, 'not-found', 'Method not found', -32601));
}
