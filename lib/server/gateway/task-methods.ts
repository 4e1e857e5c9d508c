// Server-only. The extension io.modelcontextprotocol/tasks: a call that waits for people, as a handle to ask with.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { ownValue } from '#lib/core/json/value.ts';
import { withdrawRequest } from '../approvals/withdraw-request.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import { agentEvent } from '../calls/call-events.ts';
import { advanceTask } from './advance-task.ts';
import { sendError, sendJson } from './http-answers.ts';
import { errorMessage, type RpcId, resultMessage } from './json-rpc.ts';
import type { AskedCall } from './read-call.ts';
import type { StatelessParts, StatelessRequest } from './stateless-era.ts';
import { completeResult, pendingAtLast } from './stateless-speech.ts';
import { cancelTaskRow, findTask, insertTask, outcomeOf, type TaskRow } from './task-rows.ts';

/** A poll attends for some seconds itself, so the pause between two can be short. */
const POLL_INTERVAL_MS = 1_000;

/** The answer to a call that waits: a task, durable before the client hears of it. */
export async function createTask(
  parts: StatelessParts,
  { target, principal, message }: StatelessRequest,
  call: AskedCall,
  record: HoldRecord,
): Promise<string> {
  const { pool, keys } = parts.door;
  const { requestId } = record;
  const task =
    requestId === undefined
      ? null
      : await insertTask(pool, keys.masterKey, {
          agentId: principal.id,
          target: target.path,
          callId: record.callId,
          requestId,
          serverName: call.server,
          toolName: call.tool,
          canonicalArgs: call.args.canonical,
        });
  if (task === null) return pendingAtLast('tools/call', message.id, record);
  const result = { resultType: 'task', ...membersOf(task), statusMessage: record.message };
  return resultMessage(message.id, JSON.stringify(result));
}

/** tasks/get: stays attached for some seconds, because only an attached poll lets an approved call run. */
export async function getTask(parts: StatelessParts, asked: StatelessRequest): Promise<void> {
  const { pool, keys } = parts.door;
  const { target, principal, message, response } = asked;
  const found = await taskOf(parts, asked);
  if (found === null) return;
  if (found.status === 'working') await advanceTask(parts, asked, found);
  const task =
    found.status === 'working' ? ((await findTask(pool, found.id, principal.id, target.path)) ?? found) : found;
  sendJson(response, 200, detailed(message.id, task, outcomeOf(keys.masterKey, task)));
}

/** tasks/update: no task of ours ever asks its client for anything, so there is nothing to take in. */
export async function updateTask(parts: StatelessParts, asked: StatelessRequest): Promise<void> {
  if ((await taskOf(parts, asked)) !== null) sendJson(asked.response, 200, completeResult(asked.message.id, {}));
}

/** tasks/cancel: withdraws what is held, passes a cancel on to what runs here, and leaves what runs elsewhere to end. */
export async function cancelTask(parts: StatelessParts, asked: StatelessRequest): Promise<void> {
  const { door, taskRuns } = parts;
  const { principal, message, response } = asked;
  const task = await taskOf(parts, asked);
  if (task === null) return;
  if (await cancelTaskRow(door.pool, task.id, door.bootId)) {
    taskRuns.get(task.id)?.cancel();
    const facts = {
      callId: task.callId,
      principal,
      sessionKey: `agent:${principal.id}`,
      server: task.serverName,
      tool: task.toolName,
      requestId: task.requestId,
    };
    await withdrawRequest(door.pool, {
      requestId: task.requestId,
      agentId: principal.id,
      withdrawn: buildInboxRow(agentEvent('request.withdrawn', facts), door.keys),
      revoked: buildInboxRow(agentEvent('request.revoked', facts), door.keys),
    });
  }
  sendJson(response, 200, completeResult(message.id, {}));
}

/** Finds the task that is asked for, or answers that there is none: nobody else's can be told from one never made. */
async function taskOf(
  parts: StatelessParts,
  { target, principal, message, response }: StatelessRequest,
): Promise<TaskRow | null> {
  const id = ownValue(message.params, 'taskId');
  try {
    const task = typeof id === 'string' ? await findTask(parts.door.pool, id, principal.id, target.path) : null;
    if (task === null) {
      sendJson(response, 200, errorMessage(message.id, 'not-found', 'There is no such task.', -32602));
    }
    return task;
  } catch (error) {
    parts.log.warn({ err: error }, 'a task could not be read');
    sendError(response, message.id, 'database-unavailable', undefined, 200);
    return null;
  }
}

function membersOf(task: TaskRow) {
  return {
    taskId: task.id,
    status: task.status,
    createdAt: task.createdAt.toISOString(),
    lastUpdatedAt: task.updatedAt.toISOString(),
    ttlMs: task.expiresAt.getTime() - task.createdAt.getTime(),
    pollIntervalMs: POLL_INTERVAL_MS,
  };
}

/** The whole task. `outcome` is JSON text that we wrote ourselves. */
function detailed(id: RpcId, task: TaskRow, outcome: string | null): string {
  const head = JSON.stringify({ ...membersOf(task), statusMessage: statusMessage(task) }).slice(0, -1);
  const member = task.status === 'completed' ? 'result' : task.status === 'failed' ? 'error' : null;
  const tail = member === null || outcome === null ? '' : `,"${member}":${outcome}`;
  return resultMessage(id, `${head}${tail},"resultType":"complete"}`);
}

function statusMessage(task: TaskRow): string {
  switch (task.status) {
    case 'working':
      return task.ownedBy === null ? 'Waiting for a human reviewer.' : 'Running.';
    case 'completed':
      return 'Ended.';
    case 'failed':
      return 'The server answered with an error.';
    case 'cancelled':
      return 'Taken back by the agent.';
  }
}
