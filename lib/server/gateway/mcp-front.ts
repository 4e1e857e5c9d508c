// Server-only. The MCP endpoint: who asks, what the body says, which era it speaks.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identify } from '../agents/identify.ts';
import { resourceMetadataUrl } from '../agents/well-known.ts';
import { sendError, sendErrorWith } from './http-answers.ts';
import { MAX_BODY_BYTES, readMessage } from './json-rpc.ts';
import type { McpTarget } from './mcp-target.ts';
import { readEra } from './protocol-era.ts';
import { readBody } from './read-body.ts';
import { isJsonRequest } from './request-guard.ts';
import { answerInSession, endSession, type SessionParts } from './session-era.ts';
import { answerStateless, type StatelessParts } from './stateless-era.ts';

export type McpFrontParts = SessionParts &
  StatelessParts & {
    readonly identify: Identify;
    readonly gatewayUrl: string;
    readonly isDraining: () => boolean;
  };

/**
 * Answers one HTTP request to an MCP endpoint, in either era. Assumes that the request guard has let it pass.
 *
 * Refuses without a token, while draining, and what could be read in two ways: another content type, a batch, headers
 * that disagree with the body.
 */
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
  const principal = identified.value;
  if (request.method === 'DELETE') return endSession(parts, target, principal, request, response);
  if (request.method !== 'POST') {
    request.resume();
    response.setHeader('allow', 'POST, DELETE');
    sendError(response, null, 'method-not-allowed');
    return;
  }
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
  // Configuration that cannot be read anew knows a revoked token as a good one: no list is answered by it. A tool call is
  // refused by the door, as the tool result that a client shows to its model.
  if (message.kind === 'request' && message.method !== 'tools/call' && !parts.door.isReady()) {
    sendError(response, message.id, 'database-unavailable');
    return;
  }
  const era = readEra(message, request.headers);
  if (!era.ok) {
    const { code, detail, data } = era.error;
    sendErrorWith(response, message.kind === 'request' ? message.id : null, code, detail, data);
    return;
  }
  const asked = { target, principal, message, request, response };
  switch (era.value.kind) {
    case 'session':
      return answerInSession(parts, asked);
    case 'stateless':
      return answerStateless(parts, asked, era.value.client);
  }
}
