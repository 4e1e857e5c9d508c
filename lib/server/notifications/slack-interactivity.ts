// Server-only. Slack tells us that somebody pressed the button. It is answered with the link, and that is all it ever does:
// whoever can write in the channel, or has stolen the signing secret, can decide nothing by it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../db/prisma.ts';
import type { Keys } from '../keys/load-keys.ts';
import { toChannel } from './channel-rows.ts';

export type SlackRequest = {
  readonly body: string;
  readonly signature: string | null;
  readonly timestamp: string | null;
};

const WINDOW_S = 300;
const payloadSchema = z.object({ actions: z.array(z.object({ value: z.uuid().optional() })).min(1) });

/** What Slack is answered; null where the request is not signed by an app of ours, or is older than five minutes. */
export async function answerSlack(
  deps: { readonly prisma: Database; readonly keys: Pick<Keys, 'masterKey'>; readonly consoleUrl: string },
  request: SlackRequest,
  nowMs: number = Date.now(),
): Promise<{ readonly response_type: 'ephemeral'; readonly replace_original: false; readonly text: string } | null> {
  // Before anything is read: anybody can reach this address, and most of what comes is not Slack's.
  if (!isFresh(request, nowMs)) return null;
  const rows = await deps.prisma.notificationChannel.findMany({ where: { kind: 'slack', enabled: true } });
  const secrets = rows.flatMap((row) => {
    const channel = toChannel(deps.keys, row);
    return channel.secrets.kind === 'slack' && channel.secrets.signingSecret !== null
      ? [channel.secrets.signingSecret]
      : [];
  });
  if (!secrets.some((secret) => isSigned(secret, request))) return null;
  const id = requestIn(request.body);
  const path = id === null ? '/approvals' : `/approvals/${id}`;
  return {
    response_type: 'ephemeral',
    replace_original: false,
    text: `Decide in the console: ${deps.consoleUrl}${path}`,
  };
}

/** It has the form of a signed message, and was signed within five minutes. */
function isFresh({ signature, timestamp }: SlackRequest, nowMs: number): boolean {
  if (signature === null || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  if (timestamp === null || !/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(nowMs / 1000 - Number(timestamp)) <= WINDOW_S;
}

/** Slack's v0 signature: HMAC-SHA256 over version, time and the body as it came. */
function isSigned(secret: string, { body, signature, timestamp }: SlackRequest): boolean {
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`);
  const given = Buffer.from(signature ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The request that the button was for; null for anything that is no id. It is not looked up: the link tells nothing. */
function requestIn(body: string): string | null {
  const payload = new URLSearchParams(body).get('payload');
  if (payload === null) return null;
  try {
    const read = payloadSchema.safeParse(JSON.parse(payload));
    return read.success ? (read.data.actions[0]?.value ?? null) : null;
  } catch {
    return null;
  }
}
