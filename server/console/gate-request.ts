// What a request must pass before Next sees it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import { type ProblemCode, problem } from '#lib/contracts/problems.ts';
import { clientAddress } from '#lib/server/http/client-address.ts';
import { isRouterState, judgeTarget } from './request-target.ts';
import { DATA_POLICY, newNonce, pagePolicy, setFixedHeaders } from './security-headers.ts';

export type GateOptions = {
  readonly hosts: ReadonlySet<string>;
  readonly trusted: BlockList;
  readonly tls: boolean;
  readonly dev: boolean;
};

/** No page is there. What is built is fetched a dozen times for each page, and a page's policy is the most of its headers. */
const DATA = ['/api/', '/_next/static/'];
const MAX_BODY_BYTES = 1024 * 1024 + 64 * 1024;

/**
 * Headers by which our own layers, Next or a proxy speak to each other. A client's copy is removed, because whoever can
 * set them could choose an address, skip a check (CVE-2025-29927) or pick a nonce. `next-action` calls a server function
 * by its id (CVE-2025-55182): the console has none, so nobody may try.
 */
const INTERNAL_HEADERS = [
  'x-countersign-client',
  'content-security-policy',
  'content-security-policy-report-only',
  'x-middleware-subrequest',
  'x-middleware-invoke',
  'x-middleware-prefetch',
  'next-action',
  'x-nonce',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'forwarded',
];

/**
 * Prepares a request for Next, or answers it; true when it may go on.
 * Refuses a host we do not answer to (DNS rebinding), an address that cannot be read, a body of unknown or excessive length. The nonce goes into the
 * request's policy header, where Next reads it for its own scripts, and into the answer.
 */
export function gateRequest(request: IncomingMessage, response: ServerResponse, options: GateOptions): boolean {
  setFixedHeaders(response, options);
  const unreadable = judgeTarget(request);
  if (unreadable !== null) return refuse(response, unreadable.code, unreadable.status);
  const host = request.headers.host ?? '';
  if (!options.hosts.has(host)) return refuse(response, 'cross-site', 421);
  if (request.headers['transfer-encoding'] !== undefined) return refuse(response, 'invalid-request', 411);
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return refuse(response, 'args-too-large', 413);
  const address = clientAddress(request, options.trusted);
  for (const name of INTERNAL_HEADERS) delete request.headers[name];
  if (!isRouterState(request.headers['next-router-state-tree'])) delete request.headers['next-router-state-tree'];
  request.headers['x-countersign-client'] = address;
  // A layout cannot know its page's address; it needs it to send people back after sign-in.
  request.headers['x-countersign-path'] = request.url ?? '/';
  if (DATA.some((path) => request.url?.startsWith(path))) {
    response.setHeader('content-security-policy', DATA_POLICY);
    return true;
  }
  const policy = pagePolicy({ nonce: newNonce(), host, dev: options.dev });
  request.headers['content-security-policy'] = policy;
  response.setHeader('content-security-policy', policy);
  return true;
}

function refuse(response: ServerResponse, code: ProblemCode, status: number): false {
  response.setHeader('content-security-policy', DATA_POLICY);
  response.writeHead(status, { 'content-type': 'application/problem+json; charset=utf-8', connection: 'close' });
  response.end(JSON.stringify({ ...problem(code), status }));
  return false;
}
