// Server-only. A request to the egress proxy, byte for byte: no client would send some of these.
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { UNRESOLVED } from '../egress-proxy/dial.ts';
import { readAnswer, type Seen, UNANSWERED } from './attacker.ts';
import type { Targets } from './targets.ts';

const ANSWER_MS = 8_000;
/** Let out, whatever became of it there. */
const LET_OUT = new Set(['upstream-failed', 'upstream-timeout']);
const isLetOut = (code: string | null, body: string) =>
  (code !== null && LET_OUT.has(code)) || (code === 'egress-denied' && body.includes(UNRESOLVED));

/** Sends one request head and reads the answer; closes at once, so that nothing goes through whatever was opened. */
export function throughProxy(proxy: Targets['proxy'], head: string, authorization: string | null): Promise<Seen> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = openSocket(proxy);
    const end = (seen: Seen) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(seen);
    };
    const timer = setTimeout(() => end(UNANSWERED), ANSWER_MS);
    const look = (isOver: boolean) => {
      const seen = readHttp(Buffer.concat(chunks).toString('utf8'), isOver);
      if (seen !== null) end(seen);
      else if (isOver) end(UNANSWERED);
    };
    socket.on('error', () => end(UNANSWERED));
    socket.on('end', () => look(true));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      look(false);
    });
    const proof = authorization === null ? '' : `\r\nproxy-authorization: ${authorization}`;
    socket.write(`${head}${proof}\r\n\r\n`);
  });
}

function openSocket({ host, port, ca }: Targets['proxy']): Socket {
  if (ca === null) return connectPlain({ host, port });
  // Our own certificate, at our own address: whose name it is in is not the question here.
  return connectTls({ host, port, ca, allowPartialTrustChain: true, checkServerIdentity: () => undefined });
}

function readHttp(text: string, isOver: boolean): Seen | null {
  const [, status] = /^HTTP\/1\.[01] ([0-9]{3})/.exec(text) ?? [];
  const at = text.indexOf('\r\n\r\n');
  if (status === undefined || at === -1) return null;
  const body = text.slice(at + 4);
  if (status === '200') return { ...UNANSWERED, effect: 'allowed', code: 'connected', status: 200 };
  const seen = readAnswer(Number(status), body);
  if (seen.code === null && !isOver) return null;
  return isLetOut(seen.code, body) ? { ...seen, effect: 'allowed' } : seen;
}
