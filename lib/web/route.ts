import 'server-only';
import { randomUUID } from 'node:crypto';
import type { NextRequest } from 'next/server';
import { z } from 'zod';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import type { HumanPrincipal, Role } from '#lib/core/identity/principals.ts';
import { err, type Result } from '#lib/core/result.ts';
import { authenticateRequest, hasBearer } from '#lib/server/auth/authenticate-request.ts';
import { consoleOrigins, isOwnSite } from '#lib/server/auth/request-origin.ts';
import { getDeps, type WebDeps } from './deps.ts';
import { jsonAnswer, problemAnswer } from './problem.ts';
import { fits, readBody } from './read-body.ts';
import { tellRefusal } from './tell-refusal.ts';
import { tellToken } from './tell-token.ts';

/** A refusal of a use-case; `extra` stands beside the problem (`record`, `needs`). */
export type RouteRefusal = {
  readonly code: ProblemCode;
  readonly detail?: string | undefined;
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
};
/** What a handler gives back: a value to send as JSON, a refusal, or a response of its own (streams). */
export type Answer = Result<unknown, RouteRefusal> | Response;

/** What every handler gets. `address` is the client's network address as the console process saw it. */
export type PublicContext<B, Q, P> = {
  readonly deps: WebDeps;
  readonly request: NextRequest;
  readonly requestId: string;
  readonly address: string;
  readonly body: B;
  readonly query: Q;
  readonly params: P;
};
export type HumanContext<B, Q, P> = PublicContext<B, Q, P> & {
  readonly principal: HumanPrincipal;
  readonly sessionExpiresAt: Date;
};

type Shapes<B, Q, P> = {
  readonly body?: z.ZodType<B>;
  readonly query?: z.ZodType<Q>;
  /** Path parameters; one that does not fit is 404, like an id that is not there. */
  readonly params?: z.ZodType<P>;
  /** HTTP status of a success, 200 unless told otherwise. */
  readonly status?: number;
};
type NextContext = { readonly params: Promise<Record<string, string | string[] | undefined> | undefined> };
type Handler = (request: NextRequest, context: NextContext) => Promise<Response>;

const nothing = z.object({});
type Nothing = z.infer<typeof nothing>;
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * A handler for signed-in people. Without `roles` anybody who holds a role may call it; with several, any one of them is
 * enough. Somebody whose roles were all taken away reads nothing but who they are. What is refused, or is not there for them,
 * is told to the log.
 */
export function humanRoute<B = Nothing, Q = Nothing, P = Nothing>(
  options: Shapes<B, Q, P> & { readonly roles?: readonly Role[]; readonly evenWithoutRole?: boolean },
  handle: (context: HumanContext<B, Q, P>) => Promise<Answer>,
): Handler {
  return guarded(async (request, next, base) => {
    const session = await authenticateRequest((name) => request.headers.get(name), base.deps);
    if (session === null) {
      await tellToken(base.deps, request, 'console');
      return problemAnswer('not-signed-in');
    }
    const { principal, expiresAt } = session;
    const answer = await answerPerson(options, principal, async () => {
      const shaped = await shape(request, next, options);
      if (!shaped.ok) return shaped;
      return handle({ ...base, ...shaped.value, principal, sessionExpiresAt: expiresAt });
    });
    const asked = { ...base, method: request.method, url: request.url, params: await texts(next) };
    await tellRefusal(asked, principal, codeOf(answer));
    return translate(answer, options.status);
  });
}

async function answerPerson(
  options: { readonly roles?: readonly Role[]; readonly evenWithoutRole?: boolean },
  principal: HumanPrincipal,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (principal.roles.length === 0 && options.evenWithoutRole !== true) {
    return err({ code: 'not-allowed', detail: 'This account holds no role.' });
  }
  if (options.roles !== undefined && !options.roles.some((role) => principal.roles.includes(role))) {
    return err({ code: 'not-allowed', detail: `This needs the role ${options.roles.join(' or ')}.` });
  }
  return work();
}

/** What an answer refuses with; of a response that a handler made itself, only that it was not there. */
function codeOf(answer: Answer): ProblemCode | null {
  if (answer instanceof Response) return answer.status === 404 ? 'not-found' : null;
  return answer.ok ? null : answer.error.code;
}

/** A handler for anybody who can reach the console: set-up, invitations. Same site checks, no session. */
export function publicRoute<B = Nothing, Q = Nothing, P = Nothing>(
  options: Shapes<B, Q, P>,
  handle: (context: PublicContext<B, Q, P>) => Promise<Answer>,
): Handler {
  return guarded(async (request, next, base) => {
    const shaped = await shape(request, next, options);
    if (!shaped.ok) return refusal(shaped.error);
    return translate(await handle({ ...base, ...shaped.value }), options.status);
  });
}

/**
 * A handler for agents: the exception to "the console is for humans". Cookies are removed before the handler sees the
 * request, so that a person's browser can never act as an agent. The handler verifies the agent token itself.
 */
export function agentRoute(
  handle: (
    request: Request,
    context: { readonly params: Record<string, string>; readonly deps: WebDeps },
  ) => Promise<Response>,
): Handler {
  return answering(async (request, next, base) => {
    const headers = new Headers(request.headers);
    headers.delete('cookie');
    const bare = new Request(request.url, {
      method: request.method,
      headers,
      signal: request.signal,
      ...(request.body === null ? {} : { body: request.body, duplex: 'half' }),
    });
    return handle(bare, { params: await texts(next), deps: base.deps });
  });
}

/** What a machine signs is the body as it came; more than this is no message of theirs. */
const MOST_SIGNED_BYTES = 64 * 1024;

/**
 * A handler for machines of others that sign what they send (Slack): no session, and no site check, because they are no
 * browser and carry no cookie that could be abused. The handler verifies the signature over the body itself.
 */
export function signedRoute(
  handle: (
    body: string,
    context: { readonly deps: WebDeps; readonly header: (name: string) => string | null },
  ) => Promise<Response>,
): Handler {
  return answering(async (request, _next, { deps }) => {
    if (Number(request.headers.get('content-length') ?? 0) > MOST_SIGNED_BYTES) return problemAnswer('args-too-large');
    const body = await request.text();
    if (body.length > MOST_SIGNED_BYTES) return problemAnswer('args-too-large');
    const response = await handle(body, { deps, header: (name) => request.headers.get(name) });
    if (response.status === 401) await tellToken(deps, request, 'callback');
    return response;
  });
}

/** A handler that answers by itself behind the site check alone: next-auth's. */
export function siteRoute(handle: (context: Base, next: NextContext) => Promise<Response>): Handler {
  return guarded((_request, next, base) => handle(base, next));
}

type Base = Pick<PublicContext<never, never, never>, 'deps' | 'request' | 'requestId' | 'address'>;
type Inner = (request: NextRequest, next: NextContext, base: Base) => Promise<Response>;

function guarded(inner: Inner): Handler {
  return answering(async (request, next, base) => {
    const header = (name: string) => request.headers.get(name);
    const origins = consoleOrigins(base.deps.env);
    if (!SAFE_METHODS.has(request.method) && !isOwnSite(header, { origins, bearer: hasBearer(header) })) {
      return problemAnswer('cross-site');
    }
    return inner(request, next, base);
  });
}

/** Gives every answer a request id, and turns what was thrown into a problem: a stack never leaves the process. */
function answering(inner: Inner): Handler {
  return async (request, next) => {
    const requestId = randomUUID();
    const response = await answer(inner, request, next, requestId);
    response.headers.set('x-request-id', requestId);
    return response;
  };
}

async function answer(inner: Inner, request: NextRequest, next: NextContext, requestId: string): Promise<Response> {
  const address = request.headers.get('x-countersign-client') ?? 'unknown';
  try {
    const deps = await getDeps();
    try {
      return await inner(request, next, { deps, request, requestId, address });
    } catch (error) {
      deps.log.error({ requestId, path: new URL(request.url).pathname, err: error }, 'A handler broke');
      return problemAnswer('internal', `Request ${requestId}.`);
    }
  } catch {
    return problemAnswer('not-ready');
  }
}

async function shape<B, Q, P>(
  request: Request,
  next: NextContext,
  options: Shapes<B, Q, P>,
): Promise<Result<{ body: B; query: Q; params: P }, RouteRefusal>> {
  const params = fits(schemaOr(options.params), await texts(next));
  if (!params.ok) return { ok: false, error: { code: 'not-found' } };
  const query = fits(schemaOr(options.query), Object.fromEntries(new URL(request.url).searchParams));
  if (!query.ok) return query;
  const reads = SAFE_METHODS.has(request.method);
  const body = reads ? fits(schemaOr(options.body), {}) : await readBody(request, schemaOr(options.body));
  if (!body.ok) return body;
  return { ok: true, value: { body: body.value, query: query.value, params: params.value } };
}

function schemaOr<T>(schema: z.ZodType<T> | undefined): z.ZodType<T> {
  // Parse boundary: without a schema T is its default, the empty object that `nothing` parses to.
  return schema ?? (nothing as unknown as z.ZodType<T>);
}

async function texts(next: NextContext): Promise<Record<string, string>> {
  // Next gives no params object to a route without any, whatever its types say.
  const entries = Object.entries((await next.params) ?? {});
  return Object.fromEntries(entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

function translate(answer: Answer, status: number | undefined): Response {
  if (answer instanceof Response) return answer;
  return answer.ok ? jsonAnswer(answer.value, status ?? 200) : refusal(answer.error);
}

function refusal(error: RouteRefusal): Response {
  return problemAnswer(error.code, error.detail, error.extra);
}
