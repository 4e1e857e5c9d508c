// Server-only. A poll of a task goes on with its call: this is the only way a task's call is executed.
import { setTimeout as delay } from 'node:timers/promises';
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { refusalRecord } from '../calls/hold-record.ts';
import { readArguments } from '../calls/read-arguments.ts';
import type { ClientAnswer } from './client-answer.ts';
import { NO_LOGS } from './log-level.ts';
import { runCall } from './run-call.ts';
import type { Speech } from './speech.ts';
import type { StatelessParts, StatelessRequest } from './stateless-era.ts';
import { statelessSpeech } from './stateless-speech.ts';
import { argumentsOf, endTask, findTask, ownTask, type TaskRow } from './task-rows.ts';

/** How long a poll stays attached for a decision or a result. */
export const POLL_MS = 5_000;
const MOST_ARGS_BYTES = 2 * 1024 * 1024;
const MOST_KEPT_CHARS = 8 * 1024 * 1024;
const STORE_TRIES = 5;
const STORE_AGAIN_MS = 1_000;
const NOTHING_YET = '';
const words = statelessSpeech('tools/call', () => NOTHING_YET);

/**
 * Attends to a task for the length of one poll.
 *
 * The approval is consumed only while a poll is attached, so a task that nobody asks for runs nothing. Once it is consumed
 * this gateway finishes the call and keeps the result, also after the poll has been answered. A task that another living
 * gateway runs is left to it.
 */
export async function advanceTask(parts: StatelessParts, asked: StatelessRequest, task: TaskRow): Promise<void> {
  const known = parts.taskRuns.get(task.id);
  if (known === undefined && task.ownedBy !== null && task.ownerAlive) return;
  const run = known ?? start(parts, asked, task);
  const patience = new AbortController();
  await Promise.race([run.over, delay(POLL_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
}

function start(parts: StatelessParts, asked: StatelessRequest, task: TaskRow) {
  let takeBack = () => {};
  const over = attempt(parts, asked, task, (cancel) => {
    takeBack = cancel;
  })
    .catch((error: unknown) => parts.log.error({ err: error, callId: task.callId }, 'a task could not go on'))
    .finally(() => parts.taskRuns.delete(task.id));
  const run = { over, cancel: () => takeBack() };
  parts.taskRuns.set(task.id, run);
  return run;
}

async function attempt(
  parts: StatelessParts,
  asked: StatelessRequest,
  task: TaskRow,
  onCancellable: (cancel: () => void) => void,
): Promise<void> {
  const { door } = parts;
  const { principal, target, message, response } = asked;
  const parsed = parseStrict(argumentsOf(door.keys.masterKey, task), { maxBytes: MOST_ARGS_BYTES });
  const args = parsed.ok ? readArguments(parsed.value) : parsed;
  if (!args.ok) throw new Error('The stored arguments of a task cannot be read.');
  const refused: { record: HoldRecord | null } = { record: null };
  const speech: Speech = {
    ...words,
    refusal: (id, record) => {
      refused.record = record;
      return words.refusal(id, record);
    },
  };
  let said = NOTHING_YET;
  const answer: ClientAnswer = {
    stream: () => false,
    event: () => undefined,
    comment: () => undefined,
    finish: (json) => {
      said = json;
    },
    // Once consumed, the call is finished for whoever asks next; until then `onDetached` ends the attempt.
    isOpen: () => true,
    onDetached: (listener) => {
      response.on('close', () => {
        if (!response.writableFinished) listener();
      });
    },
  };
  await runCall(parts, {
    principal,
    asked: { server: task.serverName, tool: task.toolName, args: args.value },
    id: message.id,
    progressToken: undefined,
    sessionKey: `agent:${principal.id}`,
    answer,
    speech,
    logThreshold: NO_LOGS,
    holdUntilMs: performance.now() + POLL_MS,
    whenGone: 'detached',
    onlyRequestId: task.requestId,
    onCancellable: (cancel) => {
      onCancellable(cancel);
      return () => undefined;
    },
    // Unsaid, another gateway may call the task lost a moment too early; unsent, the approval would be lost for certain.
    onAuthorised: () => ownTask(door.pool, task.id, door.bootId).catch(() => undefined),
  });
  if (said === NOTHING_YET) return;
  // Somebody else's attempt consumed it. Its gateway keeps the result, unless that gateway is gone or it was no task there.
  if (refused.record?.code === 'already-decided') {
    const now = await findTask(door.pool, task.id, principal.id, target.path);
    if (refused.record.state === 'consumed' || now?.ownerAlive === true) return;
  }
  if (isPassing(refused.record)) return;
  await keep(parts, task, endOf(said, task));
}

/** Refusals that say nothing about the call itself: the next poll may fare better. */
function isPassing(record: HoldRecord | null): boolean {
  return record !== null && ['database-unavailable', 'audit-unavailable', 'conflict', 'internal'].includes(record.code);
}

type End = { readonly status: 'completed' | 'failed'; readonly outcome: string };

function endOf(json: string, task: TaskRow): End {
  const message: unknown = JSON.parse(json);
  if (typeof message !== 'object' || message === null) throw new Error('A call ended without a message.');
  if (json.length > MOST_KEPT_CHARS) {
    const detail = 'It ran, but its result is too large to be kept for a task.';
    const record = refusalRecord({ code: 'upstream-failed', detail }, { callId: task.callId });
    return endOf(words.refusal(0, { ...record, requestId: task.requestId }), task);
  }
  if ('error' in message) return { status: 'failed', outcome: JSON.stringify(message.error) };
  return { status: 'completed', outcome: JSON.stringify('result' in message ? message.result : {}) };
}

/** The result is nowhere else: a database that is away for a moment must not lose it. */
async function keep(parts: StatelessParts, task: TaskRow, end: End): Promise<void> {
  const { pool, keys } = parts.door;
  for (let attemptNo = 1; ; attemptNo++) {
    try {
      await endTask(pool, keys.masterKey, task.id, end);
      return;
    } catch (error) {
      if (attemptNo === STORE_TRIES) throw error;
      await delay(STORE_AGAIN_MS, undefined, { ref: false });
    }
  }
}
