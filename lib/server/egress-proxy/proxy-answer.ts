// Server-only. What the proxy itself says: refusals and waits, as HTTP answers, on either kind of request.
import { PROBLEMS, type ProblemCode, problem } from '#lib/contracts/problems.ts';
import type { Opening } from './open-passage.ts';
import type { BadRequest } from './read-target.ts';

export type ProxyAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const REALM = 'Basic realm="countersign egress", Bearer realm="countersign egress"';
const REQUEST_HEADER = 'countersign-request';

/** 407 (RFC 9110 section 15.5.8): who asks must prove who it is, to the proxy. */
export function unauthenticated(code: 'token-invalid' | 'token-wrong-audience'): ProxyAnswer {
  return answerOf(code, 407, PROBLEMS[code].title, { 'proxy-authenticate': REALM });
}

/** A request that could not be read. */
export function unreadable(bad: BadRequest): ProxyAnswer {
  return answerOf('invalid-request', bad.status, bad.detail);
}

/** Too many connections at once, or none any more because the process ends. */
export function busy(isDraining: boolean): ProxyAnswer {
  const detail = isDraining ? 'The gateway is stopping.' : 'Too many connections of this identity are open.';
  return answerOf(isDraining ? 'not-ready' : 'too-many-connections', isDraining ? 503 : 429, detail);
}

/**
 * A refusal, or the record of a wait that took longer than a client can be kept. 504, because clients take that for a try
 * that may be repeated: the same request attaches to the same question.
 */
export function refusedOpening(opening: Exclude<Opening, { kind: 'open' }>): ProxyAnswer {
  if (opening.kind === 'pending') {
    const { requestId = '', message } = opening.record;
    return answerOf('approval-pending', 504, message, { [REQUEST_HEADER]: requestId }, { requestId });
  }
  const { code, detail, requestId } = opening;
  const { status } = PROBLEMS[code];
  return answerOf(
    code,
    status === 401 ? 407 : status,
    detail ?? PROBLEMS[code].title,
    requestId === undefined ? {} : { [REQUEST_HEADER]: requestId },
    requestId === undefined ? {} : { requestId },
  );
}

/** An answer as raw text for a socket that has left the HTTP server. */
export function asText(answer: ProxyAnswer): string {
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}\r\n${headers.join('')}\r\n${answer.body}`;
}

function answerOf(
  code: ProblemCode,
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
): ProxyAnswer {
  const body = JSON.stringify({ ...problem(code, detail), status, ...more });
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'application/problem+json',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    },
    body,
  };
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  409: 'Conflict',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function reasonOf(status: number): string {
  return REASONS[status] ?? 'Refused';
}
