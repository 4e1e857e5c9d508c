// A real DNS server on loopback, UDP and TCP, that answers one thing now and another the next time: an attacker's.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { createServer, isIPv4, isIPv6 } from 'node:net';
import packet from 'dns-packet';

/** What a name resolves to, query round after query round; the last round stays. `silent` never answers. */
export type Round = readonly string[] | 'servfail' | 'nxdomain' | 'silent';

export type DnsServer = {
  readonly port: number;
  /** Names that were asked for, oldest first; A and AAAA of one lookup are two. */
  readonly queries: string[];
  /** From now on the name resolves to these, a round per lookup. */
  says(name: string, ...rounds: Round[]): void;
  /** Asks this server for all addresses of a name, as the product's resolver would. */
  lookup(host: string): Promise<readonly string[]>;
  close(): Promise<void>;
};

const NOT_THERE = new Set(['ENODATA', 'ENOTFOUND']);
const RCODES = { nxdomain: 3, servfail: 2 } as const;
const UDP_LIMIT = 512;
const TRUNCATED = 1 << 9;

/** Starts it on a free port. */
export async function startDnsServer(): Promise<DnsServer> {
  const names = new Map<string, { readonly rounds: readonly Round[]; asked: number }>();
  const queries: string[] = [];

  const answerTo = (message: Buffer): Buffer | null => {
    const query = packet.decode(message);
    const question = query.questions?.[0];
    if (question === undefined) return null;
    const name = question.name.toLowerCase();
    queries.push(`${question.type} ${name}`);
    const known = names.get(name);
    if (known !== undefined && question.type === 'A') known.asked++;
    const round = known?.rounds[Math.max(0, Math.min(known.asked, known.rounds.length) - 1)] ?? 'nxdomain';
    if (round === 'silent') return null;
    const failed = typeof round === 'string' ? RCODES[round] : 0;
    const wanted = typeof round === 'string' ? [] : round;
    const addresses = wanted.filter((one) => (question.type === 'AAAA' ? isIPv6(one) : isIPv4(one)));
    const type = question.type === 'AAAA' ? 'AAAA' : 'A';
    return packet.encode({
      type: 'response',
      id: query.id ?? 0,
      flags: packet.AUTHORITATIVE_ANSWER | packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | failed,
      questions: [question],
      // Nothing may be remembered: the next question gets the next round.
      answers: addresses.map((data) => ({ type, name: question.name, ttl: 0, data })),
    });
  };

  const tcp = createServer((socket) => {
    let read: Buffer<ArrayBufferLike> = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      while (read.length >= 2 && read.length >= 2 + read.readUInt16BE(0)) {
        const end = 2 + read.readUInt16BE(0);
        const answer = answerTo(read.subarray(2, end));
        read = read.subarray(end);
        if (answer === null) continue;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.write(Buffer.concat([length, answer]));
      }
    });
  });
  const port = await new Promise<number>((resolve) => {
    tcp.listen(0, '127.0.0.1', () => {
      const address = tcp.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    const answer = answerTo(message);
    if (answer === null) return;
    const fits = answer.length <= UDP_LIMIT;
    udp.send(fits ? answer : truncated(answer), from.port, from.address);
  });
  await bind(udp, port);

  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return {
    port,
    queries,
    says: (name, ...rounds) => names.set(name, { rounds, asked: 0 }),
    lookup: async (host) => {
      const four = await resolver.resolve4(host).catch(noneIfNotThere);
      const six = await resolver.resolve6(host).catch(noneIfNotThere);
      return [...four, ...six];
    },
    close: async () => {
      resolver.cancel();
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      await new Promise<void>((resolve) => tcp.close(() => resolve()));
    },
  };
}

function noneIfNotThere(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && NOT_THERE.has(String(error.code))) return [];
  throw error;
}

/** The head of an answer that is too long for UDP (RFC 1035 section 4.2.1); the resolver comes back over TCP. */
function truncated(answer: Buffer): Buffer {
  const { id, flags, questions } = packet.decode(answer);
  return packet.encode({ type: 'response', id: id ?? 0, flags: (flags ?? 0) | TRUNCATED, questions: questions ?? [] });
}

function bind(socket: UdpSocket, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', () => resolve());
  });
}
