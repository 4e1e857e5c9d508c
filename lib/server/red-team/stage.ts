// Server-only. What the plays of one run share: the attackers' tokens, the canary, and what must be taken back.
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '#lib/core/json/value.ts';
import { SINK_SERVER } from '#lib/core/red-team/sink.ts';
import type { Database } from '../db/prisma.ts';
import type { Keys } from '../keys/load-keys.ts';
import { type Credential, fetchToken, type Seen, send } from './attacker.ts';
import type { RedTeamSecrets } from './sealed-secrets.ts';
import type { Targets } from './targets.ts';

export type Attacker = {
  readonly id: string;
  readonly name: string;
  readonly credential: Credential;
  /** For the decision API. */
  readonly token: string;
};

export type StageDeps = { readonly prisma: Database; readonly keys: Keys };

export type Stage = StageDeps & {
  readonly targets: Targets;
  readonly runId: string;
  readonly red: Attacker;
  readonly drill: Attacker;
  readonly canary: string;
  /** The listener on the loopback that nobody may reach, and how many did. */
  readonly trap: { readonly port: number; readonly count: () => number };
};

/** What an attacker asks for; without a server it is the sink. */
export type Ask = {
  readonly tool: string;
  readonly args?: JsonObject;
  readonly server?: string;
  readonly session?: string;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly as?: Attacker;
  readonly token?: string;
  /** Left waiting for the next attempt; whoever leaves it takes it back. */
  readonly keep?: boolean;
};

/**
 * Asks the decision API for one call. What is allowed is closed at once as done, what waits is taken back at once: nothing
 * runs either way, because there is nothing behind the sink.
 */
export async function ask(stage: Stage, what: Ask): Promise<Seen> {
  const { tool, args = {}, server = SINK_SERVER, session, more = {} } = what;
  const body = { server, tool, arguments: args, ...(session === undefined ? {} : { session }), ...more };
  return askRaw(stage, JSON.stringify(body), what);
}

/** The same with a body as it stands. */
export async function askRaw(
  stage: Stage,
  body: string,
  {
    as = stage.red,
    token,
    keep = false,
    type = 'application/json',
  }: Pick<Ask, 'as' | 'token' | 'keep'> & { readonly type?: string } = {},
): Promise<Seen> {
  const bearer = token ?? as.token;
  const seen = await send(callsUrl(stage), {
    method: 'POST',
    headers: { 'content-type': type, ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }) },
    body,
  });
  if (seen.callId !== null && seen.effect === 'allowed') await report(stage, as, seen.callId);
  if (seen.callId !== null && seen.effect === 'held' && !keep) await takeBack(stage, as, seen.callId);
  return seen;
}

/** The call as it is now. */
export function look(stage: Stage, as: Attacker, callId: string): Promise<Seen> {
  return send(`${callsUrl(stage)}/${callId}`, { headers: { authorization: `Bearer ${as.token}` } });
}

/** Says that the call ran. */
export function report(stage: Stage, as: Attacker, callId: string): Promise<Seen> {
  return post(stage, as, callId, 'outcome', { status: 'succeeded', durationMs: 0 });
}

export function takeBack(stage: Stage, as: Attacker, callId: string): Promise<Seen> {
  return post(stage, as, callId, 'cancel', {});
}

function post(stage: Stage, as: Attacker, callId: string, what: string, body: object): Promise<Seen> {
  return send(`${callsUrl(stage)}/${callId}/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const callsUrl = (stage: Stage) => `${stage.targets.connectUrl}/api/v1/calls`;

/** Asks again until the answer is another one than "allowed", for as long as a change may take to reach a gateway. */
export function untilStopped(attempt: () => Promise<Seen>): Promise<Seen> {
  return until(attempt, ({ effect }) => effect !== 'allowed');
}

/** The same for the end of a stop: what comes next must not find it still there. */
export function untilAllowed(attempt: () => Promise<Seen>): Promise<Seen> {
  return until(attempt, ({ effect }) => effect === 'allowed');
}

/** So long a change may take to reach a gateway. */
const WITHIN_MS = 3_000;

async function until(attempt: () => Promise<Seen>, fits: (seen: Seen) => boolean): Promise<Seen> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const seen = await attempt();
    if (fits(seen) || performance.now() > deadline) return seen;
    await sleep(50);
  }
}

/** Both attackers with their tokens; null where one gets none. */
export async function attackersOf(
  targets: Targets,
  ids: { readonly red: { id: string; name: string }; readonly drill: { id: string; name: string } },
  secrets: RedTeamSecrets,
): Promise<{ readonly red: Attacker; readonly drill: Attacker } | null> {
  const [red, drill] = await Promise.all([
    fetchToken(targets, secrets.red, '/api/v1/calls'),
    fetchToken(targets, secrets.drill, '/api/v1/calls'),
  ]);
  if (red === null || drill === null) return null;
  return {
    red: { ...ids.red, credential: secrets.red, token: red },
    drill: { ...ids.drill, credential: secrets.drill, token: drill },
  };
}
