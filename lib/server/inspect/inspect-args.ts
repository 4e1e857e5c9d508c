// Server-only. What of a call's arguments is a program for somebody, and what that program would do.
import { readEncoded } from '#lib/core/inspect/encoded.ts';
import { fieldKind, isWordList } from '#lib/core/inspect/field-kind.ts';
import { judgeShell } from '#lib/core/inspect/judge-shell.ts';
import { judgeSql, sqlStep } from '#lib/core/inspect/judge-sql.ts';
import { type FoundText, listTexts } from '#lib/core/inspect/list-texts.ts';
import { notableValues } from '#lib/core/inspect/notable-values.ts';
import type { FieldKind, FieldReport, Step } from '#lib/core/inspect/shape.ts';
import type { ShellCommand } from '#lib/core/inspect/shell-command.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import type { JsonValue } from '#lib/core/json/value.ts';
import type { ActionClass } from '#lib/core/risk/types.ts';
import { mixedScript } from '#lib/core/text/mixed-script.ts';
import { withinTime } from './bounded-time.ts';
import { parseShell, readWordList, type ShellReading } from './parse-shell.ts';
import { parseSql, practiseSql } from './parse-sql.ts';

export type Inspection = {
  readonly fields: readonly FieldReport[];
  /** Hosts whose letters may be meant to look like another host's. */
  readonly hosts: readonly { readonly path: string; readonly host: string; readonly reason: string }[];
  /** Fields that were not looked at, because there were too many. */
  readonly skipped: number;
};

const MOST_TEXTS = 5_000;
const MOST_FIELDS = 40;
const LONGEST_TEXT = 65_536;
const TIME_MS = 150;
const ALL_MS = 600;
const MOST_STEPS = 30;
const MOST_WORDS = 40;
const LONGEST_WORD = 160;
const LONGEST_PREVIEW = 2_000;
const UNREAD: Inspection = { fields: [], hosts: [], skipped: 1 };

/**
 * Reads the fields of canonical arguments that are shell, SQL, code or an encoding. Never throws for what is in them:
 * what cannot be read says so. All texts in the result are bounded; none was cut in silence.
 */
export function inspectArgs(canonical: string, actionClass: ActionClass): Inspection {
  const parsed = parseStrict(canonical, { maxBytes: Number.MAX_SAFE_INTEGER });
  if (!parsed.ok) return UNREAD;
  const fields: FieldReport[] = [];
  let skipped = 0;
  for (const report of readFields(parsed.value, actionClass, ALL_MS)) {
    if (report === null) skipped += 1;
    else fields.push(report);
  }
  return { fields, hosts: suspiciousHosts(parsed.value), skipped };
}

/**
 * Whether all of the arguments that is a program for somebody could be read: what the badge says, as a fact for rules.
 * Stops at the first field that could not, so that a text made to be slow costs its own time and not everybody's.
 */
export function isInspectable(args: JsonValue, actionClass: ActionClass, withinMs: number): boolean {
  for (const report of readFields(args, actionClass, withinMs))
    if (report === null || report.why !== null) return false;
  return true;
}

/** What each field that is a program says, in the order they stand there; null for one that was not looked at. */
function* readFields(args: JsonValue, actionClass: ActionClass, withinMs: number): Generator<FieldReport | null> {
  const read = new Set<string>();
  const until = performance.now() + withinMs;
  let seen = 0;
  let reported = 0;
  for (const found of listTexts(args)) {
    // The words of a list that was read as one command are not commands themselves.
    if (read.has(found.path) || (found.within !== null && read.has(found.within))) continue;
    seen += 1;
    if (seen > MOST_TEXTS || reported >= MOST_FIELDS || performance.now() > until) {
      yield null;
      continue;
    }
    const report = inspectText(found, actionClass, 0);
    if (report === null) continue;
    for (const path of found.covers) read.add(path);
    reported += 1;
    yield report;
  }
}

function suspiciousHosts(value: JsonValue): Inspection['hosts'] {
  return notableValues(value).flatMap(({ path, sort, value: text }) => {
    if (sort !== 'host' && sort !== 'recipient') return [];
    const host = text.slice(text.lastIndexOf('@') + 1);
    const { suspicious, reason } = mixedScript(host);
    return suspicious && reason !== null && host.includes('.') ? [{ path, host, reason }] : [];
  });
}

function inspectText(found: FoundText, actionClass: ActionClass, depth: number): FieldReport | null {
  if (found.list !== null) {
    const words = found.list;
    // Several commands in a list are each read by itself; a list is one command when its words are words.
    const isCommand = found.covers.length > 1 || isWordList(found.key, actionClass);
    if (!isCommand || /\s/.test(words[0] ?? '')) return null;
    return shellReport(found.path, () => readWordList(words));
  }
  const kind = fieldKind(found.key, found.text, actionClass);
  if (kind === null) return null;
  if (found.text.length > LONGEST_TEXT && kind !== 'base64' && kind !== 'encrypted') {
    return blank(found.path, kind, 'it is longer than what is read');
  }
  switch (kind) {
    case 'shell':
      return shellReport(found.path, () => parseShell(found.text));
    case 'sql':
      return sqlReport(found.path, found.text);
    case 'code':
      return blank(found.path, 'code', 'code can do what its text does not show');
    case 'base64':
    case 'encrypted':
      return encodedReport(found, actionClass, depth);
  }
}

function shellReport(path: string, read: () => ShellReading): FieldReport {
  // Judging looks at every word again: a text made for it must not take longer than one made for the parser.
  const judged = guarded(() => {
    const reading = read();
    return { reading, dangers: judgeShell(reading.commands) };
  });
  if (typeof judged === 'string') return blank(path, 'shell', judged);
  const { reading, dangers } = judged;
  return {
    ...blank(path, 'shell', reading.why),
    steps: reading.commands.slice(0, MOST_STEPS).map(shellStep),
    moreSteps: Math.max(0, reading.commands.length - MOST_STEPS),
    dangers,
  };
}

function shellStep(command: ShellCommand): Step {
  const words = [
    ...command.words,
    ...command.redirects.flatMap((redirect) => [
      { text: redirect.operator, computed: false },
      ...(redirect.target === null ? [] : [redirect.target]),
    ]),
  ];
  const shown = words.slice(0, MOST_WORDS).map((word) => ({ ...word, text: cut(word.text, LONGEST_WORD) }));
  const more = words.length - shown.length;
  return { lead: command.lead, words: shown, note: more > 0 ? `${more} more words` : null };
}

function sqlReport(path: string, text: string): FieldReport {
  practiseSql();
  const reading = guarded(() => parseSql(text));
  if (typeof reading === 'string') return blank(path, 'sql', reading);
  const steps = reading.statements.slice(0, MOST_STEPS).map(sqlStep);
  return {
    ...blank(path, 'sql', reading.why),
    steps: steps.map((step) => ({
      ...step,
      words: step.words.map((word) => ({ ...word, text: cut(word.text, LONGEST_WORD) })),
    })),
    moreSteps: Math.max(0, reading.statements.length - steps.length),
    dangers: [...new Set(reading.statements.flatMap(judgeSql))],
  };
}

function encodedReport(found: FoundText, actionClass: ActionClass, depth: number): FieldReport | null {
  const encoded = readEncoded(found.text);
  if (encoded === null) return null;
  if (encoded.kind === 'encrypted') return blank(found.path, 'encrypted', `it is ${encoded.what}`);
  if (encoded.kind === 'binary') return blank(found.path, 'base64', `it decodes to ${encoded.what}`);
  const inner =
    depth >= 2 ? null : inspectText({ ...found, key: '', text: encoded.text, list: null }, actionClass, depth + 1);
  return {
    ...blank(found.path, 'base64', inner?.why ?? null),
    decoded: cut(encoded.text, LONGEST_PREVIEW),
    steps: inner?.steps ?? [],
    moreSteps: inner?.moreSteps ?? 0,
    dangers: inner?.dangers ?? [],
  };
}

/** A reading, or why there is none. */
function guarded<T>(read: () => T): T | string {
  try {
    return withinTime(TIME_MS, read) ?? 'reading it takes too long';
  } catch {
    // A parser that stumbles over a text has not read it.
    return 'it could not be read';
  }
}

function blank(path: string, kind: FieldKind, why: string | null): FieldReport {
  return { path, kind, why, steps: [], moreSteps: 0, decoded: null, dangers: [] };
}

/** Never half a character: a lone surrogate would not survive the way to the browser. */
function cut(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text
        .slice(0, most)
        .toWellFormed()
        .replace(/\uFFFD$/u, '')}…`;
}
