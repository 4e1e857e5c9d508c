import { childPath } from '../json/path.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json/value.ts';

/** What a reviewer asks of a value first: where does it go, to whom, which file, how much. */
export const NOTABLE_SORTS = ['host', 'recipient', 'path', 'amount'] as const;
export type NotableSort = (typeof NOTABLE_SORTS)[number];
export type NotableValue = {
  readonly path: string;
  readonly key: string;
  readonly sort: NotableSort;
  readonly value: string;
};

/** A value that no earlier call had. `note` says how it differs where that can be said. */
export type FirstSeen = Omit<NotableValue, 'key'> & { readonly note: string | null };

const HOST_KEYS = /^(host|hostname|domain|endpoint|origin|base_?url|server_?name)$/i;
const RECIPIENT_KEYS =
  /^(to|cc|bcc|recipients?|emails?|channel|channel_?id|users?|username|assignees?|reviewers?|members?|phone|account|iban|beneficiary|payee|chat_?id)$/i;
const PATH_KEYS = /(^|_)(path|file|filename|file_?name|dir|directory|folder|destination|dest|cwd|root)$/i;
const AMOUNT_KEYS =
  /(^|_)(amount|price|total|sum|cost|quantity|qty|limit|budget|balance|fee|refund|credit|count|size)$/i;
const URL_HOST =
  /\b(?:https?|wss?|ftp|ssh|git|postgres(?:ql)?|mysql|mongodb|redis|s3):\/\/(?:[^\s/?#@"'<>]*@)?([^\s/?#:"'<>)]+)/gi;
const MAILBOX = /[\w.+-]{1,64}$/;
const DOMAIN = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+/u;
const MOST_MAILS = 100;
const PLAIN_PATH = /^(\/|~\/|\.{1,2}\/|[A-Za-z]:\\)[^\s]{0,300}$/;
const MOST = 300;
const LONGEST = 300;

/** Lists the hosts, recipients, paths and amounts in parsed arguments, bounded in number and length. */
export function notableValues(value: JsonValue): readonly NotableValue[] {
  const found: NotableValue[] = [];
  visit(value, '$', '', found);
  return found;
}

function visit(value: JsonValue, path: string, key: string, found: NotableValue[]): void {
  if (found.length >= MOST) return;
  if (typeof value === 'number') {
    if (AMOUNT_KEYS.test(key)) found.push({ path, key, sort: 'amount', value: String(value) });
  } else if (typeof value === 'string') {
    visitText(value, path, key, found);
  } else if (isJsonArray(value)) {
    for (const [i, item] of value.entries()) visit(item, childPath(path, i), key, found);
  } else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) visit(member, childPath(path, name), name, found);
  }
}

function visitText(text: string, path: string, key: string, found: NotableValue[]): void {
  const add = (sort: NotableSort, value: string) => {
    if (value === '' || value.length > LONGEST || found.length >= MOST) return;
    if (!found.some((one) => one.path === path && one.sort === sort && one.value === value)) {
      found.push({ path, key, sort, value });
    }
  };
  // A long text is searched at its beginning: a value worth naming is not the hundredth link of a page.
  const head = text.slice(0, 20_000);
  for (const match of head.matchAll(URL_HOST)) add('host', (match[1] ?? '').toLowerCase());
  // Without addresses: `user@host` in one is not a recipient.
  for (const address of mailsIn(head.replace(URL_HOST, ' '))) add('recipient', address.toLowerCase());
  const trimmed = text.trim();
  if (HOST_KEYS.test(key) && /^[^\s/]+$/.test(trimmed)) add('host', trimmed.toLowerCase());
  if (RECIPIENT_KEYS.test(key) && !/[\n\r]/.test(trimmed)) add('recipient', trimmed.toLowerCase());
  if (PLAIN_PATH.test(trimmed) || (PATH_KEYS.test(key) && !/[\n\r]/.test(trimmed) && !/^\w+:\/\//.test(trimmed))) {
    add('path', trimmed);
  }
  if (AMOUNT_KEYS.test(key) && /^-?\d+([.,]\d+)?$/.test(trimmed)) add('amount', trimmed);
}

/** Mail addresses, found from their signs outwards: looked for from the left, a long word would be read 64 times. */
function mailsIn(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = text.indexOf('@'); at >= 0 && found.length < MOST_MAILS; at = text.indexOf('@', at + 1)) {
    const mailbox = MAILBOX.exec(text.slice(Math.max(0, at - 64), at))?.[0];
    const domain = DOMAIN.exec(text.slice(at + 1, at + 255))?.[0];
    if (mailbox !== undefined && domain !== undefined) found.push(`${mailbox}@${domain}`);
  }
  return found;
}

/**
 * What of these values none of the earlier calls had. An amount counts as seen up to the highest under the same name: a
 * smaller one is nothing new, a larger one is, and the note says by how much.
 */
export function firstSeen(now: readonly NotableValue[], earlier: readonly NotableValue[]): readonly FirstSeen[] {
  const known = new Set(earlier.map((one) => `${one.sort} ${one.value}`));
  const highest = new Map<string, number>();
  for (const one of earlier) {
    if (one.sort !== 'amount') continue;
    highest.set(one.key, Math.max(highest.get(one.key) ?? Number.NEGATIVE_INFINITY, toNumber(one.value)));
  }
  return now.flatMap(({ key, ...one }): FirstSeen[] => {
    if (one.sort !== 'amount') return known.has(`${one.sort} ${one.value}`) ? [] : [{ ...one, note: null }];
    const most = highest.get(key);
    if (most === undefined) return [{ ...one, note: null }];
    return toNumber(one.value) <= most ? [] : [{ ...one, note: `the highest so far was ${most}` }];
  });
}

function toNumber(text: string): number {
  return Number(text.replace(',', '.'));
}
