// A real SMTP server on loopback that keeps the mails it takes.
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { makeAuthority } from './certificates.ts';

export type Mail = {
  readonly raw: string;
  readonly parsed: ParsedMail;
  /** Of the envelope: who was really written to. */
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: string | null;
};
export type MailServer = {
  readonly port: number;
  readonly ca: string;
  readonly mails: Mail[];
  /** Recipients that it refuses, with the code. */
  readonly refused: Map<string, number>;
  sessions(): number;
  close(): Promise<void>;
};

export async function startMailServer(
  options: { readonly tls?: 'implicit' | 'starttls' | 'none'; readonly password?: string; readonly port?: number } = {},
): Promise<MailServer> {
  const authority = makeAuthority();
  const { cert, key } = authority.issue(['127.0.0.1', 'localhost']);
  const mails: Mail[] = [];
  const refused = new Map<string, number>();
  let sessions = 0;
  const { tls = 'starttls', password } = options;
  const server = new SMTPServer({
    secure: tls === 'implicit',
    cert,
    key,
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(password === undefined ? ['AUTH'] : [])],
    authOptional: password === undefined,
    onConnect: (_session, callback) => {
      sessions++;
      callback();
    },
    onAuth: (auth, _session, callback) => {
      if (auth.password === password) callback(null, { user: auth.username });
      else callback(new Error('no'));
    },
    onRcptTo: ({ address }, _session, callback) => {
      const code = refused.get(address);
      if (code === undefined) callback();
      else callback(Object.assign(new Error('refused'), { responseCode: code }));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        void simpleParser(raw).then((parsed) => {
          const to = session.envelope.rcptTo.map((one) => one.address);
          mails.push({ raw, parsed, to, secure: session.secure, user: session.user ?? null });
          callback();
        });
      });
    },
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(options.port ?? 0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    ca: authority.ca,
    mails,
    refused,
    sessions: () => sessions,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
