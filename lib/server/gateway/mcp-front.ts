// Server-only. MCP over streamable HTTP, as the gateway itself speaks it: a session ends here, never at the upstream.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { isJsonObject, ownValue } from '#lib/core/json/value.ts';
import type { Identify } from '../agents/identify.ts';
import { resourceMetadataUrl } from '../agents/well-known.ts';
import type { Door } from '../calls/door.ts';
import { callTool } from './call-tool.ts';
import { createClientAnswer } from './client-answer.ts';
import {
  errorMessage,
  idKey,
  MAX_BODY_BYTES,
  type RpcId,
  type RpcMessage,
  readMessage,
  resultMessage,
} from './json-rpc.ts';
import type { KeepAlive } from './keep-alive.ts';
import { hasOpenCall, type McpSession, type McpSessions } from './mcp-sessions.ts';
import { readBody } from './read-body.ts';
import { isJsonRequest } from './request-guard.ts';
import type { ToolLists } from './tool-lists.ts';
import type { Upstreams } from './upstreams.ts';

export type McpFrontParts = {
  readonly door: Door;
  readonly identify: Identify;
  readonly sessions: McpSessions;
  readonly upstreams: Upstreams;
  readonly keepAlive: KeepAlive;
  readonly toolLists: ToolLists;
  readonly waiting: Set<() => void>;
  readonly gatewayUrl: string;
  readonly isDraining: () => boolean;
};

/** What the path names: one server, or (null) all servers of the agent. */
export type McpTarget = { readonly path: string; readonly server: string | null };

const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'];
const NEWEST = '2025-11-25';
/** UnsupportedProtocolVersion of the 2026-07-28 revision; clients of that era fall back to initialize on it. */
const UNSUPPORTED_VERSION = -32022;
const NOT_AGGREGATE = 'This agent may not use the aggregate endpoint.';

/** Answers one HTTP request to an MCP endpoint. Assumes that the request guard has let it pass. */
export async function handleMcp(
  parts: McpFrontParts,
  target: McpTarget,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const identified = parts.identify(request.headers.authorization, target.path);
  if (!identified.ok) {
    request.resume();
    const metadata = resourceMetadataUrl(parts.gatewayUrl, target.path);
    const error = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
    response.setHeader('www-authenticate', `Bearer resource_metadata="${metadata}"${error}`);
    sendError(response, null, identified.error.code);
    return;
  }
  if (parts.isDraining()) {
    request.resume();
    sendError(response, null, 'not-ready');
    return;
  }
  switch (request.method) {
    case 'POST':
      return post(parts, target, identified.value, request, response);
    case 'DELETE':
      return endSession(parts, target, identified.value, request, response);
    default:
      request.resume();
      response.setHeader('allow', 'POST, DELETE');
      sendError(response, null, 'method-not-allowed');
  }
}

async function post(
  parts: McpFrontParts,
  target: McpTarget,
  principal: AgentPrincipal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isJsonRequest(request)) {
    request.resume();
    sendError(response, null, 'unsupported-media-type');
    return;
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  const read = body.ok ? readMessage(body.value) : body;
  if (!read.ok) {
    sendError(response, null, read.error.code, read.error.detail);
    return;
  }
  const message = read.value;
  const id = message.kind === 'request' ? message.id : null;
  const version = request.headers['mcp-protocol-version'];
  if (version !== undefined && (typeof version !== 'string' || !VERSIONS.includes(version))) {
    sendUnsupportedVersion(response, id, typeof version === 'string' ? version : '');
    return;
  }
  const found = await sessionOf(parts, target, principal, request);
  if (found === 'unknown') {
    sendError(response, id, 'session-unknown');
    return;
  }
  await answerMessage(parts, target, principal, message, found, request, response);
}

async function sessionOf(
  parts: McpFrontParts,
  target: McpTarget,
  principal: AgentPrincipal,
  request: IncomingMessage,
): Promise<McpSession | null | 'unknown'> {
  const sent = request.headers['mcp-session-id'];
  if (sent === undefined) return null;
  if (typeof sent !== 'string') return 'unknown';
  return (await parts.sessions.find(sent, principal.id, target.path)) ?? 'unknown';
}

async function answerMessage(
  parts: McpFrontParts,
  target: McpTarget,
  principal: AgentPrincipal,
  message: RpcMessage,
  session: McpSession | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (message.kind !== 'request') {
    if (message.kind === 'notification' && message.method === 'notifications/cancelled') {
      const cancelled = ownValue(message.params, 'requestId');
      if (typeof cancelled === 'string' || typeof cancelled === 'number') {
        session?.calls.get(idKey(cancelled))?.();
      }
    }
    response.writeHead(202).end();
    return;
  }
  const { id, method, params } = message;
  switch (method) {
    case 'tools/call': {
      if (session !== null && hasOpenCall(session, id)) {
        sendError(response, id, 'invalid-request', 'A request with this id is still open in the session.');
        return;
      }
      const answer = createClientAnswer(request, response);
      await callTool(parts, { principal, server: target.server, id, params, session, answer });
      return;
    }
    case 'tools/list': {
      if (target.server === null && !principal.aggregate) {
        sendError(response, id, 'not-allowed', NOT_AGGREGATE);
        return;
      }
      const cursor = ownValue(params, 'cursor');
      const list =
        cursor === undefined || typeof cursor === 'string'
          ? parts.toolLists.list(principal, target.server, cursor)
          : null;
      if (list === null) sendError(response, id, 'invalid-request', 'The cursor is not one of ours.', 200);
      else sendJson(response, 200, resultMessage(id, list));
      return;
    }
    case 'initialize':
      return initialize(parts, target, principal, id, params, response);
    case 'ping':
      sendJson(response, 200, resultMessage(id, '{}'));
      return;
    default:
      sendJson(response, 200, errorMessage(id, 'not-found', 'Method not found', -32601));
  }
}

/** Answered from what was pinned: the upstream is not asked, so it cannot change what a client is told. */
async function initialize(
  parts: McpFrontParts,
  target: McpTarget,
  principal: AgentPrincipal,
  id: RpcId,
  params: Parameters<typeof ownValue>[0],
  response: ServerResponse,
): Promise<void> {
  if (target.server !== null) {
    const { agents, servers } = parts.door.snapshot();
    const server = servers.get(target.server);
    if (
      agents.get(principal.id)?.servers.has(target.server) !== true ||
      server === undefined ||
      server.transport === 'external'
    ) {
      sendError(response, id, 'unknown-server');
      return;
    }
  } else if (!principal.aggregate) {
    sendError(response, id, 'not-allowed', NOT_AGGREGATE);
    return;
  }
  const wanted = ownValue(params, 'protocolVersion');
  const protocolVersion = typeof wanted === 'string' && VERSIONS.includes(wanted) ? wanted : NEWEST;
  const clientInfo = ownValue(params, 'clientInfo');
  const infoText = isJsonObject(clientInfo) ? JSON.stringify(clientInfo) : null;
  const session = await parts.sessions.create({
    agentId: principal.id,
    target: target.path,
    protocolVersion,
    clientInfo: infoText !== null && infoText.length <= 2_000 ? infoText : null,
  });
  const result = {
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: target.server === null ? 'countersign' : `countersign/${target.server}`, version: '0.1.0' },
    instructions:
      'Calls pass an approval gateway. A result with isError and a code says that a human must decide first or has refused; do not work around it.',
  };
  response.setHeader('mcp-session-id', session.id);
  sendJson(response, 200, resultMessage(id, JSON.stringify(result)));
}

async function endSession(
  parts: McpFrontParts,
  target: McpTarget,
  principal: AgentPrincipal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume();
  const found = await sessionOf(parts, target, principal, request);
  if (found === null || found === 'unknown') {
    sendError(response, null, 'session-unknown');
    return;
  }
  await parts.sessions.end(found);
  parts.upstreams.endSession(found.id);
  response.writeHead(204).end();
}

function sendError(
  response: ServerResponse,
  id: RpcId | null,
  code: ProblemCode,
  detail?: string,
  status: number = PROBLEMS[code].status,
): void {
  sendJson(response, status, errorMessage(id, code, detail));
}

function sendUnsupportedVersion(response: ServerResponse, id: RpcId | null, requested: string): void {
  const error = {
    code: UNSUPPORTED_VERSION,
    message: 'Unsupported protocol version',
    data: { code: 'invalid-request', supported: VERSIONS, requested: requested.slice(0, 64) },
  };
  sendJson(response, 400, JSON.stringify({ jsonrpc: '2.0', id, error }));
}

function sendJson(response: ServerResponse, status: number, json: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  response.end(json);
}
