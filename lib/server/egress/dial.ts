// Server-only. From judged addresses to a socket on which the first byte may be written.
import { hash } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { EgressDenied } from './egress-denied.ts';
import { addressesToTry } from './resolve-host.ts';

export type DialTarget = {
  readonly scheme: 'http' | 'https';
  /** The host that was asked for: TLS names it and verifies the certificate against it. */
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the expected server key's SPKI, base64; null: any key with a valid certificate. */
  readonly pin: string | null;
  readonly certificate: ClientCertificate | null;
  /** Certificate authorities in place of the built-in ones. */
  readonly ca: string | undefined;
};

/** A certificate chain and its private key, both PEM. */
export type ClientCertificate = { readonly cert: string; readonly key: string };

const CONNECT_TIMEOUT_MS = 10_000;
const UNVERIFIED = "the server's certificate could not be verified";
const UNVERIFIED_CODE =
  /^(?:CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH|ERR_TLS_CERT)/;

/** Tries the judged addresses in turn. A certificate or pin that does not fit ends the search: it is an answer, not an outage. */
export async function dial(target: DialTarget, addresses: readonly string[]): Promise<Socket> {
  let last: unknown = new EgressDenied('the host has no address');
  for (const address of addressesToTry(addresses)) {
    try {
      return await dialOne(target, address);
    } catch (error) {
      if (error instanceof EgressDenied) throw error;
      last = error;
    }
  }
  throw last;
}

function dialOne(target: DialTarget, address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = target.scheme === 'https' ? openTls(target, address) : openTcp(target, address);
    const settle = (error: Error | null) => {
      clearTimeout(timer);
      socket.off('error', settle);
      // Until its new owner listens, and after it was destroyed: an error that nobody hears ends the process.
      socket.on('error', () => undefined);
      if (error === null) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(isUnverified(error) ? new EgressDenied(UNVERIFIED, { cause: error }) : error);
    };
    const timer = setTimeout(() => settle(new ConnectTimeout()), CONNECT_TIMEOUT_MS);
    socket.on('error', settle);
    socket.once(target.scheme === 'https' ? 'secureConnect' : 'connect', () => settle(misfit(socket, target)));
  });
}

/** An address, never a name: nothing is resolved a second time, and no proxy or socket path is looked up. */
function openTcp({ port }: DialTarget, address: string): Socket {
  return connectTcp({ host: address, port, noDelay: true, keepAlive: true });
}

function openTls({ host, port, certificate, ca }: DialTarget, address: string): TLSSocket {
  return connectTls({
    host: address,
    port,
    // RFC 6066 section 3: an address is never sent as a name; then the address itself must be in the certificate.
    servername: isIP(host) === 0 ? host : '',
    // Said aloud: NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment must not switch verification off.
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    ...(certificate === null ? {} : { cert: certificate.cert, key: certificate.key }),
    ...(ca === undefined ? {} : { ca }),
    // No session is resumed: every connection proves certificate and pin anew, and shows its own client certificate.
  })
    .setNoDelay(true)
    .setKeepAlive(true);
}

/** What is wrong with an open connection, asked before a byte of the request is written. */
function misfit(socket: Socket, { pin, scheme }: DialTarget): EgressDenied | null {
  if (scheme !== 'https') return null;
  if (!isTls(socket) || !socket.authorized) return new EgressDenied(UNVERIFIED);
  if (pin === null) return null;
  const key = socket.getPeerX509Certificate()?.publicKey;
  const found = key === undefined ? null : hash('sha256', key.export({ type: 'spki', format: 'der' }), 'base64');
  return found === pin ? null : new EgressDenied("the server's key is not the pinned one");
}

/** OpenSSL's and Node's words for a certificate that does not hold. */
function isUnverified(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && UNVERIFIED_CODE.test(error.code);
}

function isTls(socket: Socket): socket is TLSSocket {
  return 'getPeerX509Certificate' in socket;
}

class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
  constructor() {
    super('the connection took too long');
    this.name = 'ConnectTimeout';
  }
}
