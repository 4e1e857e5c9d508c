// Single attempts to get out of a host, each with a short time limit. They carry nothing and keep nothing open.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';

/** Whether a TCP connection comes about; a refusal by the other side counts, because a packet came back from there. */
export type Reached = 'reached' | 'refused' | 'no';

/** Tries a TCP connection. `refused` is an answer too: whoever sent it was reached, unless it is this host's own firewall. */
export function tryTcp(host: string, port: number, limitMs: number): Promise<Reached> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (reached: Reached) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(() => settle('no'), limitMs);
    socket.once('connect', () => settle('reached'));
    socket.once('error', (error) => settle('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : 'no'));
  });
}

/** Asks a name server for example.com over UDP; true when any datagram comes back. */
export function tryDnsUdp(server: string, port: number, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(server.includes(':') ? 'udp6' : 'udp4');
    const settle = (answered: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(answered);
    };
    const timer = setTimeout(() => settle(false), limitMs);
    socket.once('message', () => settle(true));
    socket.once('error', () => settle(false));
    socket.send(QUESTION, port, server, (error) => {
      if (error !== null) settle(false);
    });
  });
}

/** Whether the resolver of this host answers for a public name: a way out for whoever can put data into a name. */
export async function tryResolver(name: string, limitMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), limitMs);
  const asked = lookup(name).then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([asked, late.promise]);
  clearTimeout(timer);
  return answered;
}

/** The status of a GET, or null; never through a proxy, whatever the environment says. */
export function httpStatus(url: string, limitMs: number): Promise<number | null> {
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { timeout: limitMs }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
      request.destroy();
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
    request.end();
  });
}

/** The status with which a proxy answers CONNECT, or null when it does not. */
export function connectStatus(
  proxyUrl: string,
  authority: string,
  authorization: string | null,
  limitMs: number,
): Promise<number | null> {
  return new Promise((resolve) => {
    const url = new URL(proxyUrl);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isTls = url.protocol === 'https:';
    const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
    const proof = authorization === null ? '' : `Proxy-Authorization: ${authorization}\r\n`;
    const say = () => socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${proof}\r\n`);
    const socket: Socket = isTls ? tlsConnect({ host, port, servername: host }, say) : connect({ host, port }, say);
    let heard = '';
    const settle = (status: number | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(status);
    };
    const timer = setTimeout(() => settle(null), limitMs);
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(heard) ?? [];
      if (status !== undefined) settle(Number(status));
    });
    socket.once('error', () => settle(null));
    socket.once('close', () => settle(null));
  });
}

/** A query for the A record of example.com (RFC 1035 section 4.1). */
const QUESTION = Buffer.concat([
  Buffer.from([0x43, 0x53, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]),
  Buffer.from('\x07example\x03com\x00', 'latin1'),
  Buffer.from([0, 1, 0, 1]),
]);
