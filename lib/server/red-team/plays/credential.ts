import { createHmac } from 'node:crypto';
import { DRILL_AGENT, RED_TEAM_AGENT, VAULT_SERVER } from '#lib/core/red-team/sink.ts';
import { mintAccessToken } from '../../agents/access-token.ts';
import { liftQuarantine, quarantineSession } from '../../agents/quarantine-session.ts';
import { tableSigner } from '../../agents/signing-keys.ts';
import { databaseNow } from '../../db/tx.ts';
import { basicOf, FORM, fetchToken, type Seen, send, UNANSWERED } from '../attacker.ts';
import { RUNNER } from '../runner.ts';
import { ask, type Stage, untilAllowed, untilStopped } from '../stage.ts';
import { atConsole } from './approval-bypass.ts';
import { inTurn, type Plays } from './play.ts';

const CALLS = '/api/v1/calls';
const AGE_MS = 20 * 60_000;

export const CREDENTIAL_PLAYS: Plays = {
  'forged-token': async (stage) =>
    inTurn(['', ...(await forgeriesOf(stage))], (token) => ask(stage, { tool: 'read_note', token })),
  'expired-token': async (stage) => [await ask(stage, { tool: 'read_note', token: await tokenOfThePast(stage) })],
  'revoked-token': async (stage) => {
    const { credential } = stage.drill;
    const token = await fetchToken(stage.targets, credential, CALLS);
    if (token === null) return [UNANSWERED];
    const attempt = () => ask(stage, { as: stage.drill, tool: 'read_note', token });
    const before = await attempt();
    await form(stage, '/oauth/revoke', { token }, basicOf(credential.clientId, credential.clientSecret));
    return [before, await untilStopped(attempt)];
  },
  'wrong-audience': async (stage) => {
    const token = await fetchToken(stage.targets, stage.red.credential, `/mcp/${VAULT_SERVER}`);
    if (token === null) return [UNANSWERED];
    return [
      await ask(stage, { tool: 'read_note', token }),
      await mcp(stage, `/mcp/${VAULT_SERVER}`, stage.red.token),
      await mcp(stage, '/mcp', stage.red.token),
    ];
  },
  'client-secret': async (stage) => {
    const { clientId, clientSecret } = stage.red.credential;
    const resource = `${stage.targets.gatewayUrl}${CALLS}`;
    const proof = basicOf(clientId, clientSecret);
    return [
      await form(stage, '/oauth/token', { resource }, basicOf(clientId, `${clientSecret.slice(0, -1)}!`)),
      await form(stage, '/oauth/token', { resource, client_id: clientId, client_secret: clientSecret }, null),
      await form(stage, '/oauth/token', {}, proof),
      await form(stage, '/oauth/token', { resource: `${stage.targets.gatewayUrl}/mcp/payments-production` }, proof),
    ];
  },
  'agent-at-the-console': async (stage) => [
    await atConsole(stage, stage.red, '/api/v1/approvals'),
    await atConsole(stage, stage.red, '/api/v1/audit'),
    await atConsole(stage, stage.red, '/api/v1/kill-switch', { scope: 'agent:red-team', on: true, reason: 'x' }),
    await atSocket(stage),
  ],
  'quarantined-session': async (stage) => {
    const as = stage.drill;
    const session = `outside-${stage.runId}`;
    const inside = (name: string) => () => ask(stage, { as, tool: 'read_note', session: name });
    const before = await inside(session)();
    const reason = `Red team, run ${stage.runId}`;
    const done = await quarantineSession(stage, RUNNER, DRILL_AGENT, { session, reason });
    if (!done.ok) return [before, UNANSWERED];
    try {
      return [before, await untilStopped(inside(session)), await untilStopped(inside(`new-${stage.runId}`))];
    } finally {
      await liftQuarantine(stage, RUNNER, DRILL_AGENT, { session, reason });
      await untilAllowed(inside(session));
    }
  },
};

/** Without an algorithm, with another subject, and signed with what everybody may read. */
async function forgeriesOf({ prisma, red, drill }: Stage): Promise<readonly string[]> {
  const [head = '', body = '', signature = ''] = red.token.split('.');
  const jwk = await prisma.signingKey.findFirst({ orderBy: { signsFrom: 'desc' }, select: { jwk: true } });
  const hmacHead = encode({ ...decode(head), alg: 'HS256' });
  const hmac = createHmac('sha256', JSON.stringify(jwk?.jwk ?? {}))
    .update(`${hmacHead}.${body}`)
    .digest('base64url');
  return [
    `${encode({ ...decode(head), alg: 'none' })}.${body}.`,
    `${head}.${encode({ ...decode(body), sub: drill.id })}.${signature}`,
    `${hmacHead}.${body}.${hmac}`,
  ];
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** A token as the gateway itself would have signed it twenty minutes ago. */
async function tokenOfThePast({ prisma, keys, red, targets }: Stage): Promise<string> {
  const agent = await prisma.agent.findUniqueOrThrow({ where: { name: RED_TEAM_AGENT }, include: { keys: true } });
  const now = await databaseNow(prisma);
  const { kid, privateKey } = await tableSigner({ prisma, keys }).at(now);
  const keyId = agent.keys.find((key) => key.revokedAt === null)?.id ?? '';
  return mintAccessToken(
    { agentId: red.id, clientId: agent.clientId, audience: CALLS, epoch: agent.tokenEpoch, keyId },
    { kid, privateKey, issuer: targets.gatewayUrl, nowMs: now.getTime() - AGE_MS },
  );
}

function form(
  { targets }: Stage,
  path: string,
  fields: Record<string, string>,
  authorization: string | null,
): Promise<Seen> {
  return send(`${targets.connectUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': FORM, ...(authorization === null ? {} : { authorization }) },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }),
  });
}

function mcp({ targets }: Stage, path: string, token: string): Promise<Seen> {
  return send(`${targets.connectUrl}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
}

/** The live socket by its polling transport: it opens for our own page, and its namespace only for people. */
async function atSocket({ targets, red }: Stage): Promise<Seen> {
  const { consoleUrl } = targets;
  if (consoleUrl === null) return UNANSWERED;
  const headers = { authorization: `Bearer ${red.token}`, origin: consoleUrl, 'content-type': 'text/plain' };
  const url = `${consoleUrl}/socket.io/?EIO=4&transport=polling`;
  try {
    const opened = await (await fetch(url, { headers, signal: AbortSignal.timeout(5_000) })).text();
    const sid = /"sid":"([^"]+)"/.exec(opened)?.[1];
    if (sid === undefined) return { ...UNANSWERED, effect: 'blocked', code: 'closed' };
    const line = `${url}&sid=${sid}`;
    await fetch(line, { method: 'POST', headers, body: '40/live,', signal: AbortSignal.timeout(5_000) });
    const answer = await (await fetch(line, { headers, signal: AbortSignal.timeout(5_000) })).text();
    if (answer.includes('not-signed-in')) return { ...UNANSWERED, effect: 'blocked', code: 'not-signed-in' };
    return answer.startsWith('40/live') ? { ...UNANSWERED, effect: 'allowed', code: 'connected' } : UNANSWERED;
  } catch {
    return UNANSWERED;
  }
}
