import { type Finding, finding } from './finding.ts';
import { connectStatus, httpStatus, tryDnsUdp, tryResolver, tryTcp } from './probes.ts';

/** Where a confined agent must not get to. */
export type Outside = {
  readonly tcp: readonly (readonly [what: string, host: string, port: number])[];
  readonly dns: readonly (readonly [host: string, port: number])[];
  readonly names: readonly string[];
};

export type AgentHostOptions = {
  readonly gateway: string;
  readonly proxy: string;
  /** A token of the agent for the proxy; without it only the refusal is checked. */
  readonly token: string | null;
  /** A destination on the agent's list; without it a destination that no list has. */
  readonly through: string | null;
  /** URLs of upstream servers, which only the gateway may reach. */
  readonly upstreams: readonly string[];
  readonly outside?: Outside;
  readonly limitMs?: number;
};

/** Well-known public addresses, by number so that no resolver is needed, and the addresses that hand out credentials. */
export const OUTSIDE: Outside = {
  tcp: [
    ['https', '1.1.1.1', 443],
    ['https', '8.8.8.8', 443],
    ['https', '9.9.9.9', 443],
    ['http', '1.1.1.1', 80],
    ['https by name', 'example.com', 443],
    ['http by name', 'example.com', 80],
    ['ssh', '140.82.121.4', 22],
    ['DNS over TCP', '1.1.1.1', 53],
    ['DNS over TCP', '8.8.8.8', 53],
    ['DNS over TLS', '1.1.1.1', 853],
    ['IPv6', '2606:4700:4700::1111', 443],
    ['IPv6', '2001:4860:4860::8888', 443],
    ['DNS over IPv6', '2606:4700:4700::1111', 53],
    ['cloud metadata', '169.254.169.254', 80],
    ['cloud metadata', '169.254.170.2', 80],
    ['cloud metadata', 'fd00:ec2::254', 80],
    ['cloud metadata', '100.100.100.200', 80],
    ['cloud platform', '168.63.129.16', 80],
  ],
  dns: [
    ['1.1.1.1', 53],
    ['8.8.8.8', 53],
    ['9.9.9.9', 53],
    ['2606:4700:4700::1111', 53],
  ],
  names: ['example.com'],
};

const LIMIT_MS = 2_500;
const NOWHERE = 'countersign-doctor.invalid:443';

/**
 * Proves from the agent's own host that gateway and proxy are the only ways out. Every attempt is made at once and each is
 * short; a hole is bad, and so is a gateway that does not answer, because then the agent's operator will open a hole.
 */
export async function checkAgentHost(options: AgentHostOptions): Promise<readonly Finding[]> {
  const { outside = OUTSIDE, limitMs = LIMIT_MS } = options;
  const checks: Promise<Finding>[] = [
    ...outside.tcp.map(([what, host, port]) => closed(what, host, port, limitMs)),
    ...outside.dns.map(async ([host, port]) => {
      const isOpen = await tryDnsUdp(host, port, limitMs);
      return finding('dns', !isOpen, `UDP ${host}:${port} does not answer.`, `UDP ${host}:${port} answers: close it.`);
    }),
    ...outside.names.map(async (name) => {
      const answers = await tryResolver(name, limitMs);
      const bad = `The resolver of this host answers for ${name}: data can leave inside names. Let it know local names only.`;
      return finding('resolver', !answers, `${name} does not resolve here.`, bad);
    }),
    ...options.upstreams.map((url) => upstreamClosed(url, limitMs)),
    gatewayAnswers(options.gateway, limitMs),
    proxyRefuses(options.proxy, limitMs),
  ];
  if (options.token !== null) checks.push(proxyLets(options, options.token, limitMs));
  return Promise.all(checks);
}

async function closed(what: string, host: string, port: number, limitMs: number): Promise<Finding> {
  const reached = await tryTcp(host, port, limitMs);
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const good = `${what}: ${place} cannot be reached${reached === 'refused' ? ' (refused)' : ''}.`;
  return finding('direct', reached !== 'reached', good, `${what}: ${place} was reached directly. This is a hole.`);
}

async function upstreamClosed(text: string, limitMs: number): Promise<Finding> {
  const url = new URL(text);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isOpen = (await tryTcp(host, port, limitMs)) === 'reached';
  const bad = `${host}:${port} was reached without the gateway: calls to it are not held, not recorded, not killed.`;
  return finding('upstream', !isOpen, `${host}:${port} cannot be reached directly.`, bad);
}

async function gatewayAnswers(gateway: string, limitMs: number): Promise<Finding> {
  const status = await httpStatus(new URL('/health/live', gateway).href, limitMs);
  return finding(
    'gateway',
    status === 200,
    `${gateway} answers.`,
    `${gateway} does not answer: let the agent reach it.`,
  );
}

async function proxyRefuses(proxy: string, limitMs: number): Promise<Finding> {
  const status = await connectStatus(proxy, NOWHERE, null, limitMs);
  if (status === 407) return finding('proxy', true, `${proxy} answers 407 without a credential.`, '');
  const bad = status === null ? `${proxy} does not answer.` : `${proxy} answers ${status} without a credential.`;
  return finding('proxy', false, '', `${bad} Is it the egress proxy of this installation?`);
}

/** With a destination of the list: 200. Without one the proxy must know the agent and say that the destination is not on it. */
async function proxyLets(options: AgentHostOptions, token: string, limitMs: number): Promise<Finding> {
  const { proxy, through } = options;
  const status = await connectStatus(proxy, through ?? NOWHERE, `Bearer ${token}`, limitMs);
  if (through !== null) {
    const said = status === null ? 'nothing' : String(status);
    return finding(
      'credential',
      status === 200,
      `${through} is let through.`,
      `${through}: the proxy answered ${said}.`,
    );
  }
  // 504 where people are asked about unlisted destinations: the agent was known as well.
  const isKnown = status === 403 || status === 504;
  const bad = `The proxy did not accept the token (${status ?? 'no answer'}): it needs one for the audience /egress.`;
  return finding('credential', isKnown, 'The proxy knows the agent and keeps to its list.', bad);
}
