// Certificates for tests (RFC 5280, written out in DER): an authority of its own, and whatever it signs.
import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

export type MadeCertificate = {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the SPKI, base64: what an allowlist entry pins. */
  readonly pin: string;
};
export type Authority = {
  readonly ca: string;
  /** A certificate for DNS names and IPv4 addresses; for TLS servers and clients alike. */
  issue(names: readonly string[], more?: { readonly expired?: boolean; readonly days?: number }): MadeCertificate;
};

const DAY_MS = 86_400_000;
const AUTHORITY = 'Test authority';
const OID = {
  commonName: '550403',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  ecdsaSha256: '2a8648ce3d040302',
};

/** Makes an authority that nobody trusts but who is told to. */
export function makeAuthority(): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let serial = 1;
  const certify = (subject: string, key: KeyObject, extension: Buffer, untilMs: number): string => {
    const body = sequence(
      tagged(0xa0, integer(2)),
      integer(serial++),
      sequence(oid(OID.ecdsaSha256)),
      nameOf(AUTHORITY),
      sequence(time(Date.now() - DAY_MS), time(untilMs)),
      nameOf(subject),
      key.export({ type: 'spki', format: 'der' }),
      tagged(0xa3, sequence(extension)),
    );
    const signature = tagged(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
    return pem('CERTIFICATE', sequence(body, sequence(oid(OID.ecdsaSha256)), signature));
  };
  const isAuthority = sequence(tagged(0x01, Buffer.from([0xff])));
  const root = sequence(oid(OID.basicConstraints), tagged(0x01, Buffer.from([0xff])), tagged(0x04, isAuthority));
  return {
    ca: certify(AUTHORITY, publicKey, root, Date.now() + DAY_MS),
    issue: (names, { expired = false, days = 1 } = {}) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const alternatives = sequence(
        ...names.map((name) =>
          isIPv4(name)
            ? tagged(0x87, Buffer.from(name.split('.').map(Number)))
            : tagged(0x82, Buffer.from(name, 'ascii')),
        ),
      );
      const extension = sequence(oid(OID.subjectAltName), tagged(0x04, alternatives));
      const untilMs = Date.now() + (expired ? -DAY_MS / 2 : days * DAY_MS);
      return {
        cert: certify(names[0] ?? '', own.publicKey, extension, untilMs),
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        pin: hash('sha256', own.publicKey.export({ type: 'spki', format: 'der' }), 'base64'),
      };
    },
  };
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

/** Small and positive is all that serial numbers and versions need to be here. */
function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function nameOf(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid(OID.commonName), tagged(0x0c, Buffer.from(commonName)))));
}

/** UTCTime: YYMMDDHHMMSSZ. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
