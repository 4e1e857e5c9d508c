import { z } from 'zod';

const ANSWER = z.object({ access_token: z.string(), expires_in: z.number() });
const RENEW_BEFORE_MS = 60_000;

/** The credential of one agent for one resource of the gateway. */
export type Credential = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly gatewayUrl: string;
  /** The path below the gateway's URL that the token is for. */
  readonly audience: string;
};

/** Answers a token that lives for at least another minute, asked for with the client's secret whenever that is needed. */
export function tokenSource(credential: Credential): () => Promise<string> {
  let token = '';
  let renewAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() < renewAtMs) {
      return token;
    }
    const { clientId, clientSecret, gatewayUrl, audience } = credential;
    const response = await fetch(`${gatewayUrl}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: `${gatewayUrl}${audience}` }),
    });
    if (!response.ok) {
      throw new Error(`no token: HTTP ${response.status}`);
    }
    const answer = ANSWER.parse(await response.json());
    token = answer.access_token;
    renewAtMs = performance.now() + answer.expires_in * 1_000 - RENEW_BEFORE_MS;
    return token;
  };
}
