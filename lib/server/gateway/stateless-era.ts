// Server-only. Revision 2026-07-28: no handshake, no sessions; each request says who asks and what it can do.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { ownValue } from '#lib/core/json/value.ts';
import { isProtocolMethod } from '#lib/core/servers/protocol-methods.ts';
import { sendError, sendErrorWith, sendJson, sendNoSuchMethod } from './http-answers.ts';
import { type RpcMessage, resultMessage } from './json-rpc.ts';
import type { McpTarget } from './mcp-target.ts';
import { hasMethod, INSTRUCTIONS, offeredCapabilities, refusalOfTarget, serverInfo } from './offered.ts';
import { META, STATELESS_VERSION, type StatelessClient, TASKS_EXTENSION } from './protocol-era.ts';
import type { RequestStates } from './request-state.ts';
import type { RunParts } from './run-call.ts';
import { callStateless } from './stateless-call.ts';
import { completeResult, PRIVATE_HINTS } from './stateless-speech.ts';
import { cancelTask, getTask, updateTask } from './task-methods.ts';
import type { TaskRuns } from './task-runs.ts';
import type { ToolLists } from './tool-lists.ts';

export type StatelessParts = RunParts & {
  readonly toolLists: ToolLists;
  readonly states: RequestStates;
  readonly taskRuns: TaskRuns;
  readonly consoleUrl: string;
};

/** One request of this era. */
export type StatelessRequest = {
  readonly target: McpTarget;
  readonly principal: AgentPrincipal;
  readonly message: Extract<RpcMessage, { kind: 'request' }>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly client: StatelessClient;
};

/**
 * Answers one message. A session id is neither read nor given. Closing the connection is the client's only way to take a
 * request back, so notifications are accepted and change nothing.
 */
export async function answerStateless(
  parts: StatelessParts,
  asked: Omit<StatelessRequest, 'message' | 'client'> & { readonly message: RpcMessage },
  client: StatelessClient,
): Promise<void> {
  const { message, response } = asked;
  if (message.kind !== 'request') {
    response.writeHead(202).end();
    return;
  }
  await answerRequest(parts, { ...asked, message, client });
}

async function answerRequest(parts: StatelessParts, asked: StatelessRequest): Promise<void> {
  const { target, principal, message, response, client } = asked;
  const { id, method } = message;
  switch (method) {
    case 'server/discover':
      discover(parts, asked);
      return;
    case 'tools/list':
      listTools(parts, asked);
      return;
    case 'tools/call':
      return callStateless(parts, asked);
    case 'tasks/get':
    case 'tasks/update':
    case 'tasks/cancel': {
      if (!client.takesTasks) {
        const requiredCapabilities = { extensions: { [TASKS_EXTENSION]: {} } };
        sendErrorWith(response, id, 'capability-missing', 'The tasks extension was not declared.', {
          requiredCapabilities,
        });
        return;
      }
      if (method === 'tasks/get') return getTask(parts, asked);
      return method === 'tasks/update' ? updateTask(parts, asked) : cancelTask(parts, asked);
    }
    default:
      if (
        target.server !== null &&
        isProtocolMethod(method) &&
        hasMethod(parts.door.snapshot(), principal, target.server, method)
      ) {
        return callStateless(parts, asked);
      }
  }
  sendNoSuchMethod(response, id, 404);
}

function discover(parts: StatelessParts, { target, principal, message, response }: StatelessRequest): void {
  const snapshot = parts.door.snapshot();
  const refusal = refusalOfTarget(snapshot, principal, target);
  if (refusal !== null) {
    sendError(response, message.id, refusal);
    return;
  }
  const capabilities = {
    ...offeredCapabilities(snapshot, principal, target),
    extensions: { [TASKS_EXTENSION]: {} },
  };
  const result = {
    supportedVersions: [STATELESS_VERSION],
    capabilities,
    instructions: INSTRUCTIONS,
    ...PRIVATE_HINTS,
    _meta: { [META.serverInfo]: serverInfo(target) },
  };
  sendJson(response, 200, completeResult(message.id, result));
}

function listTools(parts: StatelessParts, { target, principal, message, response }: StatelessRequest): void {
  const refusal = target.server === null ? refusalOfTarget(parts.door.snapshot(), principal, target) : null;
  if (refusal !== null) {
    sendError(response, message.id, refusal);
    return;
  }
  const cursor = ownValue(message.params, 'cursor');
  const list =
    cursor === undefined || typeof cursor === 'string' ? parts.toolLists.list(principal, target.server, cursor) : null;
  if (list === null) {
    sendError(response, message.id, 'invalid-request', 'The cursor is not one of ours.', 200);
    return;
  }
  const { ttlMs, cacheScope } = PRIVATE_HINTS;
  const hints = `{"resultType":"complete","ttlMs":${ttlMs},"cacheScope":"${cacheScope}",`;
  sendJson(response, 200, resultMessage(message.id, hints + list.slice(1)));
}
