// Client-safe. A call as the stages it went through, out of what the log says of it.
import { z } from 'zod';
import type { AuditRow } from '#lib/contracts/audit.ts';

/** The way of a call: asked, judged, decided by people, the approval used, ended. */
export const STAGES = ['call', 'gate', 'votes', 'use', 'result'] as const;
export type Stage = (typeof STAGES)[number];
export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  call: 'Call',
  gate: 'Gate',
  votes: 'People',
  use: 'Used',
  result: 'Result',
};

/** `waiting` and `skipped` have no entry: what has not happened yet, and what this call does not need. */
export type StepTone = 'plain' | 'good' | 'bad' | 'odd' | 'waiting' | 'skipped';
export type Step = {
  readonly stage: Stage;
  readonly tone: StepTone;
  readonly word: string;
  /** The entries of the stage, oldest first. */
  readonly rows: readonly AuditRow[];
  /** How long after the stage before this one began, in milliseconds; null where one entry tells both. */
  readonly afterMs: number | null;
};
export type Lane = {
  readonly kind: 'call';
  readonly callId: string;
  readonly first: AuditRow;
  readonly steps: readonly Step[];
  /** Entries about the call that are no stage of it, such as that it read untrusted content. */
  readonly aside: readonly AuditRow[];
  readonly tookMs: number;
};
/** An entry of a session that belongs to no call: it was quarantined, say. */
export type Between = { readonly kind: 'event'; readonly row: AuditRow };

/** The few members of an entry's text that a lane says; whatever else is in it stays where it is. */
const factsSchema = z.object({
  code: z.string().optional(),
  decision: z.string().optional(),
  result: z.object({ status: z.string() }).optional(),
});
type Facts = z.infer<typeof factsSchema>;

function factsOf(row: AuditRow): Facts {
  try {
    const facts = factsSchema.safeParse(JSON.parse(row.entry));
    return facts.success ? facts.data : {};
  } catch {
    return {};
  }
}

/**
 * The entries of a session as lanes, in the order in which the calls began, with what belongs to no call between them.
 * Takes the entries oldest first. A call whose beginning is not among them shows what there is.
 */
export function lanesOf(rows: readonly AuditRow[]): readonly (Lane | Between)[] {
  const calls = new Map<string, AuditRow[]>();
  const order: (string | Between)[] = [];
  for (const row of rows) {
    if (row.callId === null) {
      order.push({ kind: 'event', row });
      continue;
    }
    const known = calls.get(row.callId);
    if (known !== undefined) known.push(row);
    else {
      calls.set(row.callId, [row]);
      order.push(row.callId);
    }
  }
  return order.flatMap((one): readonly (Lane | Between)[] => {
    if (typeof one !== 'string') return [one];
    const lane = laneOf(one, calls.get(one) ?? []);
    return lane === null ? [] : [lane];
  });
}

type Placed = Readonly<Record<Stage, readonly AuditRow[]>>;

/** One call's lane; null without an entry. Takes its entries oldest first. */
export function laneOf(callId: string, rows: readonly AuditRow[]): Lane | null {
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return null;
  const wasHeld = rows.some((row) => row.type.startsWith('request.'));
  const placed: Record<Stage, AuditRow[]> = { call: [first], gate: [], votes: [], use: [], result: [] };
  const aside: AuditRow[] = [];
  for (const row of rows) {
    const stage = stageOf(row, row === first, wasHeld);
    if (stage === null) aside.push(row);
    else placed[stage].push(row);
  }
  return { kind: 'call', callId, first, steps: stepsOf(placed, wasHeld), aside, tookMs: between(first, last) };
}

function between(from: AuditRow, to: AuditRow): number {
  return Math.max(0, Date.parse(to.at) - Date.parse(from.at));
}

function stageOf(row: AuditRow, isFirst: boolean, wasHeld: boolean): Stage | null {
  switch (row.type) {
    case 'request.opened':
    case 'request.attached':
      return 'gate';
    case 'call.intent':
      return wasHeld && !isFirst ? 'use' : 'gate';
    case 'call.refused':
    case 'call.replayed-with-other-arguments':
      return isFirst ? 'gate' : 'result';
    case 'grant.used':
      return isFirst ? 'gate' : 'use';
    case 'request.consumed':
    case 'request.expired-unused':
    case 'request.revoked':
      return 'use';
    case 'call.outcome':
    case 'request.finished':
    case 'request.unknown-outcome':
      return 'result';
    default:
      return row.type.startsWith('vote.') || row.type.startsWith('request.') ? 'votes' : null;
  }
}

type Said = Pick<Step, 'tone' | 'word'>;

/** What a stage came to: of several entries the last one that decides it. */
function sayOf(stage: Stage, rows: readonly AuditRow[]): Said {
  if (stage === 'call') return { tone: 'plain', word: 'asked' };
  const said = rows.flatMap((row) => {
    const word = wordOf(stage, row);
    return word === null ? [] : [word];
  });
  return said.at(-1) ?? { tone: 'plain', word: 'noted' };
}

const DECIDED: Readonly<Record<string, Said>> = {
  'request.opened': { tone: 'odd', word: 'held' },
  'request.attached': { tone: 'odd', word: 'joined' },
  'request.approved': { tone: 'good', word: 'approved' },
  'request.denied': { tone: 'bad', word: 'denied' },
  'request.expired': { tone: 'bad', word: 'nobody in time' },
  'request.withdrawn': { tone: 'bad', word: 'taken back' },
  'request.superseded': { tone: 'bad', word: 'superseded' },
  'request.killed': { tone: 'bad', word: 'switched off' },
  'request.vetoed': { tone: 'bad', word: 'undone' },
  'request.consumed': { tone: 'good', word: 'once' },
  'request.expired-unused': { tone: 'bad', word: 'lapsed' },
  'request.revoked': { tone: 'bad', word: 'revoked' },
  'request.unknown-outcome': { tone: 'odd', word: 'unknown' },
  'grant.used': { tone: 'good', word: 'by a grant' },
  'call.replayed-with-other-arguments': { tone: 'bad', word: 'other arguments' },
};

function wordOf(stage: Stage, row: AuditRow): Said | null {
  const decided = DECIDED[row.type];
  if (decided !== undefined) return decided;
  const facts = factsOf(row);
  switch (row.type) {
    case 'call.intent':
      if (stage === 'use') return { tone: 'good', word: 'sent' };
      return facts.decision?.startsWith('observed') === true
        ? { tone: 'odd', word: 'observed' }
        : { tone: 'good', word: 'allowed' };
    case 'call.refused':
      return { tone: 'bad', word: (facts.code ?? 'refused').replaceAll('-', ' ') };
    case 'call.outcome':
    case 'request.finished': {
      const status = facts.result?.status ?? 'ended';
      return { tone: status === 'succeeded' ? 'good' : 'bad', word: status.replaceAll('-', ' ') };
    }
    case 'vote.cast':
      return { tone: 'odd', word: facts.decision === 'approve' ? 'one approves' : 'one denies' };
    default:
      return null;
  }
}

function stepsOf(placed: Placed, wasHeld: boolean): readonly Step[] {
  const steps: Step[] = [];
  let before: AuditRow | undefined;
  let over = false;
  for (const [at, stage] of STAGES.entries()) {
    const rows = placed[stage];
    const [first] = rows;
    if (first === undefined) {
      const needed = wasHeld || stage === 'result';
      over ||= STAGES.slice(at + 1).some((later) => placed[later].length > 0);
      steps.push({ ...missing(needed, over), stage, rows, afterMs: null });
      // What waits is where the call stands; nothing behind it can have begun.
      over ||= needed;
      continue;
    }
    const said = sayOf(stage, rows);
    over ||= said.tone === 'bad';
    steps.push({
      ...said,
      stage,
      rows,
      afterMs: before === undefined || before === first ? null : between(before, first),
    });
    before = rows.at(-1);
  }
  return steps;
}

function missing(needed: boolean, over: boolean): Said {
  if (!needed) return { tone: 'skipped', word: 'not needed' };
  return over ? { tone: 'skipped', word: 'not reached' } : { tone: 'waiting', word: 'not yet' };
}

/** `12 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`: how long something took, as one reads it off a picture. */
export function formatGap(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}
