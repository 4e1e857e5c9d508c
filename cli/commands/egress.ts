import { type Command, Option } from 'commander';
import { type EgressEntry, type OnFirstSeen, onFirstSeenSchema } from '#lib/contracts/egress.ts';
import { egressAttemptsQuerySchema } from '#lib/contracts/egress-attempts.ts';
import {
  egressAllowSchema,
  egressEntryInputSchema,
  egressIdentitySchema,
  egressPatchSchema,
} from '#lib/contracts/egress-input.ts';
import { idSchema } from '#lib/contracts/shared-shapes.ts';
import { readUrl } from '#lib/core/egress/read-url.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { certificateId } from '#lib/server/credentials/certificate-use.ts';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import { allowAttempt } from '#lib/server/egress/allow-attempt.ts';
import { changeEgressEntry } from '#lib/server/egress/change-entry.ts';
import { listEgressIdentities, setOnFirstSeen } from '#lib/server/egress/egress-identities.ts';
import { listAttempts } from '#lib/server/egress/list-attempts.ts';
import { listEgressEntries } from '#lib/server/egress/list-entries.ts';
import { removeEgressEntry } from '#lib/server/egress/remove-entry.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { readEnd } from '../read-end.ts';
import { shortTime, tableOr } from '../table.ts';

type AllowOptions = {
  reason: string;
  expires: string;
  cidr?: string;
  identity?: string;
  owner?: string;
  pin?: string;
  clientCertificate?: string;
};
type RenewOptions = { expires?: string; reason?: string; owner?: string };
type AttemptOptions = { verdict?: string; identity?: string; limit: string };

const ENDS = 'a date such as 2027-06-30 (the end of that day, UTC), a span such as 30d or 12h, or never';

export function addEgress(program: Command, cli: Cli): void {
  const egress = program
    .command('egress')
    .description('destinations that may be reached; nothing listed = nothing reached');
  egress
    .command('list')
    .description('the allowlist, and what happens to unlisted destinations')
    .option('--identity <identity>', 'only of gateway, agent:<name> or server:<name>')
    .action((options: { identity?: string }) => cli.onHost((host) => list(host, options.identity)));
  egress
    .command('allow')
    .description('allow a destination, or one that was refused by its id in "egress attempts"')
    .argument('<url-or-id>', 'for example https://tickets.example.com/mcp or https://*.example.com/')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--expires <when>', ENDS)
    .option('--cidr <range>', 'the private range that it may resolve to, and nothing else')
    .option('--identity <identity>', 'whose it is: gateway (default), agent:<name> or server:<name>')
    .option('--owner <email>', 'who answers for it')
    .option('--pin <base64>', 'SHA-256 of the server key’s SPKI')
    .option('--client-certificate <name>', 'the credential whose certificate is shown')
    .action((target: string, options: AllowOptions) => cli.onHost((host) => allow(host, target, options)));
  egress
    .command('renew')
    .description('give an entry another end, reason or owner')
    .argument('<id>')
    .option('--expires <when>', ENDS)
    .option('--reason <text>', 'why')
    .option('--owner <email>', 'who answers for it')
    .action((id: string, options: RenewOptions) => cli.onHost((host) => renew(host, id, options)));
  egress
    .command('revoke')
    .description('take a destination off the list; open connections to it end within a second')
    .argument('<id>')
    .action((id: string) =>
      cli.onHost(async (host) => {
        if (!idSchema.safeParse(id).success) return usage('Give the id of an entry, as "egress list" shows it.');
        const removed = await removeEgressEntry(host, host.actor, id);
        return removed.ok ? done(removed.value, ['It is no longer allowed.']) : refused(removed.error);
      }),
    );
  egress
    .command('attempts')
    .description('where the gateway, agents and stdio servers went or were refused, newest first')
    .addOption(new Option('--verdict <verdict>', 'only these').choices(['allowed', 'denied', 'held']))
    .option('--identity <identity>', 'only of gateway, agent:<name> or server:<name>')
    .option('--limit <n>', 'how many, at most 200', '50')
    .action((options: AttemptOptions) => cli.onHost((host) => attempts(host, options)));
  egress
    .command('on-first-seen')
    .description('what happens when an agent or stdio server asks for an unlisted destination')
    .argument('<identity>', 'agent:<name> or server:<name>')
    .argument('<what>', 'deny, or ask a human')
    .action((identity: string, what: string) => cli.onHost((host) => setFirstSeen(host, identity, what)));
}

async function list(host: Host, identity: string | undefined): Promise<Outcome> {
  const { items } = await listEgressEntries(host.prisma);
  const identities = await listEgressIdentities(host.prisma);
  const shown = identity === undefined ? items : items.filter((entry) => entry.identity === identity);
  const rows = shown.map((entry) => [
    entry.id,
    entry.identity,
    addressOf(entry),
    entry.cidr ?? '',
    entry.expires === null ? 'never' : shortTime(entry.expires),
    entry.owner ?? '',
    entry.reason,
  ]);
  const asking = identities.items.filter((one) => one.onFirstSeen === 'ask').map((one) => one.identity);
  return done({ items: shown, identities: identities.items }, [
    ...tableOr('Nothing is allowed.', ['ID', 'WHOSE', 'DESTINATION', 'RANGE', 'ENDS', 'OWNER', 'REASON'], rows),
    asking.length === 0 ? 'Whatever is not listed is refused.' : `A human is asked first for: ${asking.join(', ')}`,
  ]);
}

async function allow(host: Host, target: string, options: AllowOptions): Promise<Outcome> {
  const expires = readEnd(options.expires);
  if (!expires.ok) return usage(expires.error);
  const { reason, cidr = null } = options;
  if (idSchema.safeParse(target).success) {
    const input = egressAllowSchema.safeParse({ reason, cidr, expires: expires.value });
    if (!input.success) return usage('What was refused is allowed with a reason and an end, never without one.');
    const made = await allowAttempt(host, host.actor, target, input.data);
    return made.ok ? showAllowed(made.value) : refused(made.error);
  }
  const read = readUrl(target);
  if (!read.ok) return usage(read.error);
  const named = options.clientCertificate;
  const clientCertificate = named === undefined ? undefined : await certificateId(host.prisma, named);
  if (clientCertificate === null) return usage('There is no credential of that name.');
  const input = egressEntryInputSchema.safeParse({
    ...read.value,
    reason,
    cidr,
    expires: expires.value,
    identity: options.identity,
    owner: options.owner,
    tlsPin: options.pin,
    clientCertificate,
  });
  if (!input.success)
    return usage(input.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const made = await addEgressEntry(host, host.actor, input.data);
  return made.ok ? showAllowed(made.value) : refused(made.error);
}

async function renew(host: Host, id: string, options: RenewOptions): Promise<Outcome> {
  const expires = options.expires === undefined ? null : readEnd(options.expires);
  if (expires !== null && !expires.ok) return usage(expires.error);
  const patch = egressPatchSchema.safeParse({
    reason: options.reason,
    owner: options.owner,
    ...(expires === null ? {} : { expires: expires.value }),
  });
  const isEmpty = options.reason === undefined && options.owner === undefined && expires === null;
  if (!idSchema.safeParse(id).success || !patch.success || isEmpty) {
    return usage('Give the id of an entry, and what to change: --expires, --reason, --owner.');
  }
  const changed = await changeEgressEntry(host, host.actor, id, patch.data);
  return changed.ok ? showAllowed(changed.value) : refused(changed.error);
}

async function attempts(host: Host, options: AttemptOptions): Promise<Outcome> {
  const query = egressAttemptsQuerySchema.safeParse(options);
  if (!query.success)
    return usage('Give --limit as a number up to 200, and --identity as gateway, agent:<name> or server:<name>.');
  const page = await listAttempts(host.prisma, query.data);
  const rows = page.items.map((one) => [
    one.id,
    one.verdict,
    one.identity,
    `${one.scheme}://${one.host}:${one.port}`,
    String(one.count),
    shortTime(one.lastSeen),
    `${one.bytesOut}/${one.bytesIn}`,
    one.listed && one.verdict !== 'allowed' ? 'allowed since' : (one.reason ?? ''),
  ]);
  const header = ['ID', 'VERDICT', 'WHO', 'DESTINATION', 'TIMES', 'LAST', 'BYTES OUT/IN', 'WHY'];
  const more = page.nextCursor === null ? [] : [`Only the newest ${page.items.length} are shown.`];
  return done(page, [...tableOr('Nobody tried anything yet.', header, rows), ...more]);
}

async function setFirstSeen(host: Host, identity: string, what: string): Promise<Outcome> {
  const whose = egressIdentitySchema.safeParse(identity);
  const wanted = onFirstSeenSchema.safeParse(what);
  if (!whose.success || !wanted.success) return usage('Give agent:<name> or server:<name>, and deny or ask.');
  const set = await setOnFirstSeen(host, host.actor, whose.data, wanted.data);
  return set.ok ? done(set.value, [firstSeenSentence(whose.data, wanted.data)]) : refused(set.error);
}

function firstSeenSentence(identity: string, what: OnFirstSeen): string {
  return what === 'ask'
    ? `A human is asked when ${identity} wants an unlisted destination.`
    : `Unlisted destinations of ${identity} are refused.`;
}

function showAllowed(entry: EgressEntry): Outcome {
  const end = entry.expires === null ? 'without an end' : `until ${shortTime(entry.expires)}`;
  return done(entry, [toVisible(`Allowed for ${entry.identity}: ${addressOf(entry)} ${end} (${entry.id})`)]);
}

function addressOf({ scheme, host, port, path }: EgressEntry): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

function usage(sentence: string): Outcome {
  return failed(EXIT.usage, 'usage', toVisible(sentence));
}
