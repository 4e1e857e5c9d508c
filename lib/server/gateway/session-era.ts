// Server-only. Revisions 2025-03-26 to 2025-11-25: a handshake, and sessions that end here, never at the upstream.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { isJsonObject, type JsonObject, ownValue } from '#lib/core/json/value.ts';
import { isProtocolMethod } from '#lib/core/servers/protocol-methods.ts';
import { holdLimitMs } from '../calls/hold-limit.ts';
import { createClientAnswer } from './client-answer.ts';
import { sendError, sendJson, sendNoSuchMethod } from './http-answers.ts';
import { idKey, progressTokenOf, type RpcId, type RpcMessage, resultMessage } from './json-rpc.ts';
import { ALL_LOGS, thresholdOf } from './log-level.ts';
import { hasOpenCall, type McpSession, type McpSessions } from './mcp-sessions.ts';
import type { McpTarget } from './mcp-target.ts';
import { hasMethod, INSTRUCTIONS, offeredCapabilities, refusalOfTarget, serverInfo } from './offered.ts';
import { SESSION_VERSIONS } from './protocol-era.ts';
import { readMethodCall, readToolCall } from './read-call.ts';
import { type RunParts, refuseUnread, runCall } from './run-call.ts';
import { METHOD_SPEECH, TOOL_SPEECH } from './speech.ts';
import type { ToolLists } from './tool-lists.ts';

export type SessionParts = RunParts & {
  readonly sessions: McpSessions;
  readonly toolLists: ToolLists;
};

/** One message, read and of a known era. */
export type Asked = {
  readonly target: McpTarget;
  readonly principal: AgentPrincipal;
  readonly message: RpcMessage;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
};
type AskedRequest = Asked & {
  readonly message: Extract<RpcMessage, { kind: 'request' }>;
  readonly session: McpSession | null;
};

const NOT_AGGREGATE = 'This agent may not use the aggregate endpoint.';

/** Answers one message. A session id routes only: it must be this agent's, for this path, at every request. */
export async function answerInSession(parts: SessionParts, asked: Asked): Promise<void> {
  const { target, principal, message, request, response } = asked;
  const id = message.kind === 'request' ? message.id : null;
  const session = await sessionOf(parts, target, principal, request);
  if (session === 'unknown') {
    sendError(response, id, 'session-unknown');
    return;
  }
  if (message.kind === 'request') return answerRequest(parts, { ...asked, message, session });
  if (message.kind === 'notification' && message.method === 'notifications/cancelled') {
    const cancelled = ownValue(message.params, 'requestId');
    if (typeof cancelled === 'string' || typeof cancelled === 'number') session?.calls.get(idKey(cancelled))?.();
  }
  response.writeHead(202).end();
}

async function answerRequest(parts: SessionParts, asked: AskedRequest): Promise<void> {
  const { target, principal, message, session, response } = asked;
  const { id, method, params } = message;
  switch (method) {
    case 'tools/call':
      return callIn(parts, asked);
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
      return initialize(parts, asked);
    case 'ping':
      sendJson(response, 200, resultMessage(id, '{}'));
      return;
    case 'logging/setLevel': {
      if (target.server === null) break;
      const level = ownValue(params, 'level');
      const threshold = typeof level === 'string' ? thresholdOf(level) : null;
      if (threshold === null) sendError(response, id, 'invalid-request', 'This is no level.', 200);
      else {
        if (session !== null) session.logThreshold = threshold;
        sendJson(response, 200, resultMessage(id, '{}'));
      }
      return;
    }
    default:
      if (
        target.server !== null &&
        isProtocolMethod(method) &&
        hasMethod(parts.door.snapshot(), principal, target.server, method)
      ) {
        return callIn(parts, asked);
      }
  }
  sendNoSuchMethod(response, id, 200);
}

/** A governed call. Within a session an id that is still open is refused: cancelling it would name two calls. */
async function callIn(parts: SessionParts, asked: AskedRequest): Promise<void> {
  const startedAtMs = performance.now();
  const { target, principal, message, session, request, response } = asked;
  const { id, method, params } = message;
  if (session !== null && hasOpenCall(session, id)) {
    sendError(response, id, 'invalid-request', 'A request with this id is still open in the session.');
    return;
  }
  const answer = createClientAnswer(request, response);
  const isMethod = target.server !== null && isProtocolMethod(method);
  const speech = isMethod ? METHOD_SPEECH : TOOL_SPEECH;
  const read = isMethod ? readMethodCall(target.server, method, params) : readToolCall(target.server, params);
  if (!read.ok) {
    await refuseUnread(parts.door, { principal, server: target.server, id, answer, speech }, read.error);
    return;
  }
  const progressToken = progressTokenOf(params);
  const { client: profile, requestTimeoutMs } = principal;
  await runCall(parts, {
    principal,
    asked: read.value,
    id,
    progressToken,
    sessionKey: session === null ? `agent:${principal.id}` : session.id,
    answer,
    speech,
    logThreshold: session?.logThreshold ?? ALL_LOGS,
    holdUntilMs:
      startedAtMs + holdLimitMs({ profile, requestTimeoutMs, hasProgressToken: progressToken !== undefined }),
    whenGone: 'detached',
    ...(session === null ? {} : { onCancellable: (cancel) => track(session, id, cancel) }),
  });
}

function track(session: McpSession, id: RpcId, cancel: () => void): () => void {
  const key = idKey(id);
  session.calls.set(key, cancel);
  return () => session.calls.delete(key);
}

/** Answered from what was pinned: the upstream is not asked, so it cannot change what a client is told. */
async function initialize(parts: SessionParts, { target, principal, message, response }: AskedRequest): Promise<void> {
  const { id, params } = message;
  const snapshot = parts.door.snapshot();
  const refusal = refusalOfTarget(snapshot, principal, target);
  if (refusal !== null) {
    sendError(response, id, refusal, refusal === 'not-allowed' ? NOT_AGGREGATE : undefined);
    return;
  }
  const wanted = ownValue(params, 'protocolVersion');
  const [newest = ''] = SESSION_VERSIONS;
  const protocolVersion = typeof wanted === 'string' && SESSION_VERSIONS.includes(wanted) ? wanted : newest;
  const session = await parts.sessions.create({
    agentId: principal.id,
    target: target.path,
    protocolVersion,
    clientInfo: clientInfoText(params),
  });
  const result = {
    protocolVersion,
    capabilities: offeredCapabilities(snapshot, principal, target),
    serverInfo: serverInfo(target),
    instructions: INSTRUCTIONS,
  };
  response.setHeader('mcp-session-id', session.id);
  sendJson(response, 200, resultMessage(id, JSON.stringify(result)));
}

function clientInfoText(params: JsonObject): string | null {
  const info = ownValue(params, 'clientInfo');
  const text = isJsonObject(info) ? JSON.stringify(info) : null;
  return text !== null && text.length <= 2_000 ? text : null;
}

/** DELETE: withdraws what the session holds and forgets it. */
export async function endSession(
  parts: SessionParts,
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

async function sessionOf(
  parts: SessionParts,
  target: McpTarget,
  principal: AgentPrincipal,
  request: IncomingMessage,
): Promise<McpSession | null | 'unknown'> {
  const sent = request.headers['mcp-session-id'];
  if (sent === undefined) return null;
  if (typeof sent !== 'string') return 'unknown';
  return (await parts.sessions.find(sent, principal.id, target.path)) ?? 'unknown';
}
