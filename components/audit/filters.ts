import { AUDIT_FILTERS, type AuditQuery } from '#lib/contracts/audit.ts';

/**
 * What the timeline can be narrowed by; each stands in the URL under its own name. `before` is a place, not a fact: the
 * number below which the list begins.
 */
export const FILTER_NAMES = [...AUDIT_FILTERS, 'before'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

const DATE_FILTERS: ReadonlySet<string> = new Set<FilterName>(['since', 'until']);

const FORMS: Readonly<Partial<Record<FilterName, RegExp>>> = { policy: /^[0-9]{1,9}$/, before: /^[0-9]{1,15}$/ };

/** The filters of an address; a time or number that is none is left out rather than refused, so that an old link still opens. */
export function filtersFrom(params: URLSearchParams): Filters {
  const found: Partial<Record<FilterName, string>> = {};
  for (const name of FILTER_NAMES) {
    const value = params.get(name)?.trim().slice(0, 200);
    if (value === undefined || value === '') continue;
    if (DATE_FILTERS.has(name)) {
      const time = new Date(value);
      if (!Number.isNaN(time.getTime())) found[name] = time.toISOString();
    } else if (FORMS[name]?.test(value) !== false) {
      found[name] = value;
    }
  }
  return found;
}

/** The address of a view; `entry` is the entry that is opened, `compare` the call that the opened one is put beside. */
export function hrefOf(filters: Filters, entry?: string | null, compare?: string | null): string {
  const params = new URLSearchParams();
  for (const name of FILTER_NAMES) {
    const value = filters[name];
    if (value !== undefined && value !== '') params.set(name, value);
  }
  if (entry !== undefined && entry !== null) params.set('entry', entry);
  if (compare !== undefined && compare !== null) params.set('compare', compare);
  const text = params.toString();
  return text === '' ? '/audit' : `/audit?${text}`;
}

/** The same filters with one of them set, or without it. */
export function withFilter(filters: Filters, name: FilterName, value: string | null): Filters {
  const { [name]: _, ...rest } = filters;
  return value === null || value === '' ? rest : { ...rest, [name]: value };
}

/** The filters as the API takes them: the page that begins below a number is the one its cursor names. */
export function queryOf({ before, ...filters }: Filters): Partial<AuditQuery> {
  return before === undefined ? filters : { ...filters, cursor: before };
}
