// Server-only. To a mailbox: plain text over SMTP, on a connection that our way out has made.
import { createTransport } from 'nodemailer';
import { egressDenialIn, HostUnresolved } from '../../egress/egress-denied.ts';
import { factLines, type Message, type Sent } from '../message.ts';
import type { WayOut } from '../way-out.ts';

export type MailAccount = {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly username: string | null;
  readonly password: string | null;
  readonly from: string;
};

const PHASE_MS = 10_000;
const IDLE_MS = 20_000;

/**
 * Sends one mail. The subject is a title of ours in which names are plain ASCII; the addresses are handed over as fields,
 * never parsed out of a text: no name can begin a header or add a recipient. TLS is verified against the host's name.
 * A recipient or message that the server refuses for good (5xx) is given up; everything else is tried again.
 */
export async function sendEmail(out: WayOut, account: MailAccount, to: string, message: Message): Promise<Sent> {
  if (!isPlainAddress(to) || !isPlainAddress(account.from)) {
    return { kind: 'never', why: 'The address is not one that mail can be sent to.' };
  }
  let socket: Awaited<ReturnType<WayOut['connectMail']>>;
  try {
    socket = await out.connectMail(account);
  } catch (error) {
    const denial = egressDenialIn(error);
    if (denial instanceof HostUnresolved) {
      return { kind: 'again', why: 'The mail server’s host name could not be resolved.', retryAfterMs: null };
    }
    if (denial !== null) {
      return { kind: 'never', why: 'The allowlist does not let the mail server be reached.' };
    }
    return { kind: 'again', why: 'The mail server could not be reached.', retryAfterMs: null };
  }
  const transport = createTransport({
    host: account.host,
    port: account.port,
    connection: socket,
    secure: account.tls === 'implicit',
    requireTLS: account.tls === 'starttls',
    ignoreTLS: account.tls === 'none',
    // Said aloud: NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment must not switch verification off.
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(out.ca === undefined ? {} : { ca: out.ca }) },
    ...(account.username === null ? {} : { auth: { user: account.username, pass: account.password ?? '' } }),
    connectionTimeout: PHASE_MS,
    greetingTimeout: PHASE_MS,
    socketTimeout: IDLE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: { name: 'Countersign', address: account.from },
      to: { name: '', address: to },
      envelope: { from: account.from, to: [to] },
      messageId: `<${message.id}@countersign.invalid>`,
      date: message.createdAt,
      subject: message.title,
      text: bodyOf(message),
      // RFC 3834: no holiday answer comes back, and no robot takes it for a letter.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      textEncoding: 'quoted-printable',
    });
    return { kind: 'delivered' };
  } catch (error) {
    return meaningOf(error);
  } finally {
    transport.close();
    socket.destroy();
  }
}

function bodyOf(message: Message): string {
  const lines = factLines(message);
  return [
    message.title,
    '',
    ...(lines.length === 0 ? [] : [...lines, '']),
    message.requestId === null ? 'See it in the console:' : 'Decide in the console:',
    message.url,
    '',
    'A notification never decides. What is asked for is shown in the console only.',
    '',
  ].join('\r\n');
}

/** One address and nothing that a header or an SMTP line would read on. */
function isPlainAddress(address: string): boolean {
  return address.length <= 254 && /^[^\s@<>,;:"()[\]\\]+@[A-Za-z0-9.-]+$/.test(address);
}

function meaningOf(error: unknown): Sent {
  const code = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
  const kind = error instanceof Error && 'code' in error ? error.code : undefined;
  if (kind === 'EAUTH')
    return { kind: 'again', why: 'The mail server refused the user name or password.', retryAfterMs: null };
  if (kind === 'ETLS')
    return { kind: 'again', why: 'The mail server’s TLS could not be verified.', retryAfterMs: null };
  if (typeof code === 'number' && code >= 500) return { kind: 'never', why: `The mail server refused it: ${code}.` };
  const why = typeof code === 'number' ? `The mail server answered ${code}.` : 'The mail server broke off.';
  return { kind: 'again', why, retryAfterMs: null };
}
