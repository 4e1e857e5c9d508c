// Server-only. One attacker: an agent with its secret, speaking HTTP to the gateway as any agent does.
import { z } from 'zod';
import type { Observation } from '#lib/core/red-team/scenario.ts';

export type Credential = { readonly clientId: string; readonly clientSecret: string };
/** What came of an attempt, with what later attempts need of it. */
export type Seen = Observation & { readonly requestId: string | null; readonly digest: string | null };

const ANSWER_MS = 10_000;
const answerSchema = z.object({
  callId: z.string().optional(),
  requestId: z.string().optional(),
  digest: z.string().optional(),
  decision: z.enum(['allow', 'deny', 'pending']).optional(),
  code: z.string().optional(),
  error: z.union([z.string(), z.object({ data: z.object({ code: z.string() }).optional() })]).optional(),
});

/** No answer, or one that says nothing about what was attacked. */
export const UNANSWERED: Seen = {
  effect: 'unanswered',
  code: null,
  status: null,
  callId: null,
  recorded: null,
  requestId: null,
  digest: null,
};

/** A finding of the runner's own, where it looked itself instead of asking. */
export function finding(holds: boolean, code: string): Seen {
  return { ...UNANSWERED, effect: holds ? 'blocked' : 'allowed', code: holds ? code : `not-${code}` };
}

/** Sends one request and reads what it means. What fails on our side is no answer: it neither proves nor disproves. */
export async function send(url: string, init: RequestInit): Promise<Seen> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { redirect: 'manual', ...init, signal: AbortSignal.timeout(ANSWER_MS) });
    text = await response.text();
  } catch {
    return UNANSWERED;
  }
  return readAnswer(response.status, text);
}

/** What a status and a body mean: a decision, a problem, an OAuth error or a JSON-RPC error. */
export function readAnswer(status: number, text: string): Seen {
  const parsed = answerSchema.safeParse(json(text));
  const body = parsed.success ? parsed.data : {};
  const { error } = body;
  const code = body.code ?? (typeof error === 'string' ? error : error?.data?.code) ?? null;
  const seen = {
    code,
    status,
    callId: body.callId ?? null,
    recorded: null,
    requestId: body.requestId ?? null,
    digest: body.digest ?? null,
  };
  if (status >= 500) return { ...seen, effect: 'unanswered' };
  if (status >= 300) return { ...seen, effect: 'blocked' };
  switch (body.decision) {
    case 'deny':
      return { ...seen, effect: 'blocked' };
    case 'pending':
      return { ...seen, effect: 'held' };
    case 'allow':
    case undefined:
      return { ...seen, effect: 'allowed' };
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const tokenSchema = z.object({ access_token: z.string() });

/** A fresh token for an audience, or null where the gateway gives none. */
export async function fetchToken(
  at: { readonly gatewayUrl: string; readonly connectUrl: string },
  { clientId, clientSecret }: Credential,
  audience: string,
): Promise<string | null> {
  try {
    const response = await fetch(`${at.connectUrl}/oauth/token`, {
      method: 'POST',
      headers: { authorization: basicOf(clientId, clientSecret), 'content-type': FORM },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: `${at.gatewayUrl}${audience}` }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const parsed = tokenSchema.safeParse(await response.json());
    return parsed.success ? parsed.data.access_token : null;
  } catch {
    return null;
  }
}

export const FORM = 'application/x-www-form-urlencoded';

export function basicOf(user: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(user)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}
