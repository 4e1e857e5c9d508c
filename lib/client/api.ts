import { z } from 'zod';
import { type Problem, problemSchema } from '#lib/contracts/problem-shape.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { noteServerTime } from './time.ts';

/** A refusal as the browser sees it. `record` is the fresh record beside a 409; `needs` what must be confirmed first. */
export type ApiProblem = Problem & { readonly record?: unknown; readonly needs?: unknown };
export type ApiResult<T> = Result<T, ApiProblem>;
export type WriteMethod = 'POST' | 'PATCH' | 'PUT' | 'DELETE';

const TIMEOUT_MS = 20_000;
const answerSchema = problemSchema.loose();
const timedSchema = z.object({ serverTime: z.string() });

/** For answers without a body, such as DELETE. */
export const nothingSchema = z.unknown();

/** Problems that arise in the browser itself, before or after the server spoke; `status` 0 = no answer at all. */
const LOCAL = {
  unreachable: {
    status: 0,
    title: 'The server cannot be reached',
    next: 'Check your connection. Nothing you see is lost; it may be out of date.',
  },
  'answer-unreadable': {
    status: 0,
    title: 'The server answered in a form this page does not know',
    next: 'Reload the page: it may be older than the server.',
  },
} as const;

function localProblem(code: keyof typeof LOCAL): ApiProblem {
  const row = LOCAL[code];
  return { type: `urn:countersign:problem:${code}`, code, detail: row.title, ...row };
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function request<T>(path: string, init: RequestInit, schema: z.ZodType<T>): Promise<ApiResult<T>> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  const sentAt = Date.now();
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(path, { ...init, signal, credentials: 'same-origin', redirect: 'error', cache: 'no-store' });
    body = await readJson(response);
  } catch (cause) {
    // React Query cancels by abort and must see its own abort, not a problem.
    if (init.signal?.aborted) throw cause;
    return err(localProblem('unreachable'));
  }
  if (!response.ok) {
    const refusal = answerSchema.safeParse(body);
    return err(refusal.success ? refusal.data : { ...localProblem('answer-unreadable'), status: response.status });
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) return err(localProblem('answer-unreadable'));
  const timed = timedSchema.safeParse(body);
  if (timed.success) noteServerTime(timed.data.serverTime, sentAt, Date.now());
  return ok(parsed.data);
}

/** The one way the browser speaks to the console API: parsed answers, refusals as values, no network exception. */
export const api = {
  get: <T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<ApiResult<T>> =>
    request(path, { method: 'GET', headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) }, schema),

  send: <T>(
    method: WriteMethod,
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiResult<T>> =>
    request(
      path,
      {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      schema,
    ),
};

/** Carries a refusal through React Query, which knows failures only as thrown errors. */
export class ApiError extends Error {
  readonly problem: ApiProblem;
  constructor(problem: ApiProblem) {
    super(problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** A React Query `queryFn` for a path: `useQuery({queryKey, queryFn: fetching(path, schema)})`; throws only {@link ApiError}. */
export function fetching<T>(path: string, schema: z.ZodType<T>) {
  return async ({ signal }: { readonly signal?: AbortSignal }): Promise<T> => {
    const answer = await api.get(path, schema, signal);
    if (!answer.ok) throw new ApiError(answer.error);
    return answer.value;
  };
}

/** The refusal inside an error of React Query; anything else that was thrown reads as an unreadable answer. */
export function problemOf(error: unknown): ApiProblem {
  return error instanceof ApiError ? error.problem : localProblem('answer-unreadable');
}

/** Adds the parameters that have a value to a path. */
export function withQuery(path: string, params: Readonly<Record<string, string | number | undefined | null>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
