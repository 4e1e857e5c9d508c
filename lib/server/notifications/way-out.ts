// Server-only. The one way out for notifications: the allowlist's entries of their own identity, judged at every connection.
import type { Socket } from 'node:net';
import { entriesFor, NOTIFICATIONS_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { type EgressEntry, judgeResolved, judgeUrl } from '#lib/core/egress/judge-url.ts';
import { attemptAt } from '../egress/attempt-at.ts';
import { createEgress, type Egress } from '../egress/connector.ts';
import { dial } from '../egress/dial.ts';
import { EgressDenied } from '../egress/egress-denied.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import { type AttemptBookDeps, createAttemptBook } from '../egress/record-attempt.ts';
import { type Lookup, resolveHost, systemLookup } from '../egress/resolve-host.ts';
import { mailUrl } from './channel-reach.ts';

export type WayOutOptions = {
  readonly lookup?: Lookup;
  /** Certificate authorities in place of the built-in ones. */
  readonly ca?: string;
};

export type MailServer = { readonly host: string; readonly port: number; readonly tls: string };

export type WayOut = {
  readonly poolFor: Egress['poolFor'];
  /** A plain connection to a mail server; TLS comes on top of it. Throws `EgressDenied` for one that is not listed. */
  readonly connectMail: (server: MailServer) => Promise<Socket>;
  readonly ca: string | undefined;
  /** Reads the allowlist anew; connections whose entry is gone end. */
  readonly refresh: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Connections kept to one destination: more would only be turned away. */
const CONNECTIONS = 4;

/** Opens the way out. Until the first `refresh` nothing is listed, and nothing is reached. */
export function openWayOut(deps: AttemptBookDeps, options: WayOutOptions = {}): WayOut {
  let listed: readonly EgressEntry[] = [];
  let version = '';
  const attempts = createAttemptBook(deps);
  const { lookup = systemLookup, ca } = options;
  const egress = createEgress({
    entries: () => listed,
    identity: NOTIFICATIONS_IDENTITY,
    connections: CONNECTIONS,
    note: attempts.note,
    lookup,
    ...(ca === undefined ? {} : { ca }),
  });

  async function connectMail(server: MailServer): Promise<Socket> {
    const url = mailUrl(server);
    const note = { identity: NOTIFICATIONS_IDENTITY, ...attemptAt(url) };
    try {
      const judged = judgeUrl(url, entriesFor(listed, NOTIFICATIONS_IDENTITY), Date.now());
      if (!judged.ok) throw new EgressDenied(judged.error.reason);
      const { host, port, entry } = judged.value;
      const addresses = judgeResolved(await resolveHost(lookup, host), entry);
      if (!addresses.ok) throw new EgressDenied(addresses.error.reason);
      // Plain here: whoever speaks SMTP begins TLS itself, at once or by STARTTLS, and verifies against the same host.
      const socket = await dial({ scheme: 'http', host, port, pin: null, certificate: null, ca }, addresses.value);
      attempts.note({ ...note, verdict: 'allowed', reason: null });
      return socket;
    } catch (error) {
      if (error instanceof EgressDenied) attempts.note({ ...note, verdict: 'denied', reason: error.reason });
      throw error;
    }
  }

  return {
    poolFor: egress.poolFor,
    connectMail,
    ca,
    refresh: async () => {
      const entries = await loadEntries(deps.prisma, NOTIFICATIONS_IDENTITY);
      const next = JSON.stringify(entries);
      // The same list stays the same array: verdicts are remembered for it.
      if (next !== version) listed = entries;
      version = next;
    },
    close: async () => {
      await egress.close();
      await attempts.close();
    },
  };
}
