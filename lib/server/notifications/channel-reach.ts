// Server-only. The allowlist entries that a channel needs. They are of the identity `notifications`, never the gateway's.
import { isIP } from 'node:net';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { NOTIFICATIONS_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { judgeUrl } from '#lib/core/egress/judge-url.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, type ConfigWrite, refuse } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { addEgressEntryIn } from '../egress/add-entry.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import type { Lookup } from '../egress/resolve-host.ts';
import { suggestEntry } from '../egress/suggest-entry.ts';
import type { StoredConfig } from './channel-rows.ts';

/** Where the push services of the common browsers are. An admin may list others, or fewer of these. */
const PUSH_SERVICES: readonly string[] = [
  'https://fcm.googleapis.com/',
  'https://updates.push.services.mozilla.com/',
  'https://web.push.apple.com/',
  'https://wns2-by3p.notify.windows.com/',
];
const WINDOWS = 'wns2-by3p.notify.windows.com';

/** The URL as which a mail server is judged. `https` stands for TLS that is verified, as it does for tunnels of the proxy. */
export function mailUrl(config: { readonly host: string; readonly port: number; readonly tls: string }): string {
  const host = isIP(config.host) === 6 ? `[${config.host}]` : config.host;
  return `${config.tls === 'none' ? 'http' : 'https'}://${host}:${config.port}/`;
}

/** What a channel must be able to reach, by URL. A webhook's path may hold a token and is none of the allowlist's. */
function reachedBy(config: StoredConfig): readonly string[] {
  switch (config.kind) {
    case 'web-push':
      return PUSH_SERVICES;
    case 'email':
      return [mailUrl(config)];
    case 'slack':
      return [config.via === 'bot' ? `${config.origin}/api` : `${config.origin}/`];
    case 'webhook':
      return [`${config.origin}/`];
  }
}

type Needed = EgressEntryInput & { readonly listed: boolean };

/**
 * The entries with which the channel reaches all that it should: those in force as they stand, and for the rest what would
 * have to be added. Only with a resolver is the range of a private host known; lists do without, because a resolver may be slow.
 */
export async function entriesNeeded(
  tx: Tx,
  channel: { readonly name: string; readonly config: StoredConfig },
  lookup: Lookup = async () => [],
): Promise<Result<readonly Needed[], ConfigRefusal>> {
  const listed = await loadEntries(tx, NOTIFICATIONS_IDENTITY);
  const nowMs = Date.now();
  const needed: Needed[] = [];
  for (const url of reachedBy(channel.config)) {
    const judged = judgeUrl(url, listed, nowMs);
    // Public, and the same for everybody: they are not asked of a resolver.
    const suggested = await suggestEntry(url, channel.name, judged.ok || isPushService(url) ? async () => [] : lookup);
    if (!suggested.ok) return err(suggested.error);
    const entry = {
      ...suggested.value,
      // Windows gives every region a name of its own below this one.
      host: suggested.value.host === WINDOWS ? '*.notify.windows.com' : suggested.value.host,
      identity: NOTIFICATIONS_IDENTITY,
      reason: `Notification channel ${channel.name}`,
    };
    if (!judged.ok) needed.push({ ...entry, listed: false });
    else {
      const { host, pathPrefix: path, cidr = null } = judged.value.entry;
      needed.push({ ...entry, host, path, cidr, listed: true });
    }
  }
  return ok(needed);
}

const isPushService = (url: string) => PUSH_SERVICES.includes(url);

/**
 * The entries that a channel lacks. Of web push one service that is listed is enough: which browsers people may use is the
 * admin's to say.
 */
export function missingOf(config: StoredConfig, needed: readonly Needed[]): readonly EgressEntryInput[] {
  if (config.kind === 'web-push' && needed.some((one) => one.listed)) return [];
  return needed.flatMap(({ listed, ...entry }) => (listed ? [] : [entry]));
}

/** Refuses a channel that cannot reach anything, naming the entries; with the admin's word they are added. */
export async function confirmChannelReach(
  write: ConfigWrite,
  missing: readonly EgressEntryInput[],
  addEgress: boolean,
): Promise<Result<true, ConfigRefusal>> {
  if (missing.length === 0) return ok(true);
  if (!addEgress) {
    const detail = 'The allowlist does not cover this channel yet.';
    return err({ code: 'egress-entry-needed', detail, extra: { needs: missing } });
  }
  for (const entry of missing) {
    const added = await addEgressEntryIn(write, entry);
    if (!added.ok) return refuse(added.error.code, added.error.detail);
  }
  return ok(true);
}
