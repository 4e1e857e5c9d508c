import type { AuditEventType } from '../audit/event-types.ts';
import type { Role } from '../identity/principals.ts';
import { type IncidentKind, kindWords, type Severity } from '../incidents/kinds.ts';
import { classWords } from '../risk/class-words.ts';
import type { Tier } from '../risk/types.ts';
import type { NoticeKind } from './kinds.ts';
import { plainName, plainScope } from './plain-name.ts';

/** What of a log entry a notice is made of. It has no member for arguments, results, reasons or anybody's words. */
export type LoggedEvent = {
  readonly type: string;
  readonly eventId: string;
  readonly at: string;
  readonly requestId: string | null;
  readonly tier: Tier | null;
  readonly actionClass: string | null;
  readonly server: string | null;
  readonly scope: string | null;
  readonly days: number | null;
  /** Which step of an escalation was taken. */
  readonly step: number | null;
  /** Of an incident that was opened: its id, kind and urgency. */
  readonly incident?: {
    readonly id: string;
    readonly kind: IncidentKind;
    readonly severity: Severity;
    readonly drill: boolean;
  };
};

/** Who is told: those who may decide the request, or whoever holds one of the roles. */
export type Audience =
  | { readonly kind: 'deciders'; readonly requestId: string; readonly step: number }
  | { readonly kind: 'roles'; readonly roles: readonly Role[] };

/** What else is told beside the title. Names are plain: they mean nothing in any medium. */
export type NoticeFacts = {
  readonly actionClass: string | null;
  readonly server: string | null;
};

export type Notice = {
  /** One event gives one key, however often it is read. */
  readonly key: string;
  readonly kind: NoticeKind;
  readonly type: string;
  readonly tier: Tier | null;
  readonly title: string;
  readonly facts: NoticeFacts;
  /** Below the console's URL. */
  readonly path: string;
  readonly requestId: string | null;
  readonly audience: Audience;
};

const EVERYBODY: readonly Role[] = ['admin', 'reviewer', 'security'];
const STEWARDS: readonly Role[] = ['admin', 'security'];

type News = {
  readonly kind: 'kill' | 'security';
  readonly title: (event: LoggedEvent) => string;
  readonly path: string;
  readonly roles: readonly Role[];
  /** Told once an hour for each server: one that changes all its tools must not ring a hundred times. */
  readonly hourly?: true;
};

const NEWS: Partial<Record<AuditEventType, News>> = {
  'kill.on': {
    kind: 'kill',
    title: (e) => `Kill switch on: ${plainScope(e.scope)}`,
    path: '/kill-switch',
    roles: EVERYBODY,
  },
  'kill.restore-opened': {
    kind: 'kill',
    title: (e) => `A second person must confirm the restore of ${plainScope(e.scope)}`,
    path: '/kill-switch',
    roles: STEWARDS,
  },
  'kill.off': {
    kind: 'kill',
    title: (e) => `Kill switch off: ${plainScope(e.scope)}`,
    path: '/kill-switch',
    roles: EVERYBODY,
  },
  'break-glass.opened': {
    kind: 'security',
    title: () => 'Break-glass was opened',
    path: '/exceptions',
    roles: EVERYBODY,
  },
  'break-glass.overdue': {
    kind: 'security',
    title: () => 'A break-glass session was not reviewed in time',
    path: '/exceptions',
    roles: STEWARDS,
  },
  'credential.reminded': {
    kind: 'security',
    title: (e) => `A credential of ${serverWords(e)} ends within ${e.days ?? '?'} ${e.days === 1 ? 'day' : 'days'}`,
    path: '/credentials',
    roles: STEWARDS,
  },
  'credential.ended': {
    kind: 'security',
    title: (e) => `A credential of ${serverWords(e)} has ended`,
    path: '/credentials',
    roles: STEWARDS,
  },
  'credential.rotation-failed': {
    kind: 'security',
    title: (e) => `The rotation of a credential of ${serverWords(e)} failed`,
    path: '/credentials',
    roles: STEWARDS,
  },
  'tool.drifted': {
    kind: 'security',
    title: (e) => `Tools of ${serverWords(e)} are not what was accepted`,
    path: '/servers',
    roles: STEWARDS,
    hourly: true,
  },
  'session.quarantined': {
    kind: 'security',
    title: () => 'A session was quarantined',
    path: '/agents',
    roles: STEWARDS,
  },
  'call.replayed-with-other-arguments': {
    kind: 'security',
    title: (e) => `An agent came back with other arguments than were approved, for ${serverWords(e)}`,
    path: '/audit',
    roles: STEWARDS,
    hourly: true,
  },
  // Whoever brings somebody in counts as them for a day, or until another admin confirms: so the others are told.
  'person.tied': {
    kind: 'security',
    title: () => 'Somebody was brought in or given a role, and nobody else has confirmed them yet',
    path: '/people',
    roles: STEWARDS,
    hourly: true,
  },
  'sign-in.changed': {
    kind: 'security',
    title: () => 'How people sign in was changed',
    path: '/settings/sign-in',
    roles: STEWARDS,
  },
  'policy.proposed': {
    kind: 'security',
    title: () => 'A policy that loosens waits for a second person',
    path: '/policies',
    roles: STEWARDS,
  },
  'log.unreadable': {
    kind: 'security',
    title: () => 'The audit log took in an entry that it could not read',
    path: '/audit',
    roles: STEWARDS,
    hourly: true,
  },
};

/** The kinds of entry that somebody is told of. */
export const TOLD_TYPES: readonly string[] = [
  'request.opened',
  'request.escalated',
  'incident.opened',
  'incident.reopened',
  ...Object.keys(NEWS),
];

/** What an entry of the log tells people; null for one that tells nobody anything. */
export function noticeOf(event: LoggedEvent): Notice | null {
  if (event.type === 'request.opened' || event.type === 'request.escalated') {
    const { requestId, tier, actionClass, server } = event;
    if (requestId === null || tier === null) return null;
    const step = event.type === 'request.opened' ? 0 : (event.step ?? 1);
    return requestNotice({ requestId, step, tier, actionClass, server });
  }
  if (event.type === 'incident.opened' || event.type === 'incident.reopened') return incidentNotice(event);
  const news = newsOf(event.type);
  if (news === null) return null;
  const key = news.hourly === true ? `${event.type}:${event.server ?? ''}:${event.at.slice(0, 13)}` : event.eventId;
  return {
    key,
    kind: news.kind,
    type: event.type,
    tier: null,
    title: news.title(event),
    facts: factsOf(event),
    path: news.path,
    requestId: null,
    audience: { kind: 'roles', roles: news.roles },
  };
}

/** Incidents whose cause is told by itself, in the same moment: once is enough. */
const TOLD_ALREADY: ReadonlySet<IncidentKind> = new Set<IncidentKind>([
  'switch-killed',
  'break-glass',
  'session-quarantined',
  'arguments-swapped',
  'log-unreadable',
]);

/** An urgent incident: its kind, and where it stands. A red-team run's own drill is told to nobody. */
function incidentNotice({ type, eventId, incident }: LoggedEvent): Notice | null {
  if (incident === undefined || incident.severity !== 'high') return null;
  if (incident.kind === 'drill' || TOLD_ALREADY.has(incident.kind)) return null;
  const words = kindWords(incident.kind);
  return {
    key: eventId,
    kind: 'security',
    type,
    tier: null,
    title: incident.drill ? `Drill: ${words}` : `Incident: ${words}`,
    facts: { actionClass: null, server: null },
    path: `/incidents/${incident.id}`,
    requestId: null,
    audience: { kind: 'roles', roles: STEWARDS },
  };
}

/** Who may hear of an entry of this type; null where that is asked of the request instead. */
export function rolesTold(type: string): readonly Role[] | null {
  return type === 'incident.opened' || type === 'incident.reopened' ? STEWARDS : (newsOf(type)?.roles ?? null);
}

/** What is told of a request that waits: of its opening (step 0), or of the nth step of its escalation. */
export function requestNotice(request: {
  readonly requestId: string;
  readonly step: number;
  readonly tier: Tier;
  readonly actionClass: string | null;
  readonly server: string | null;
}): Notice {
  const { requestId, step, tier } = request;
  const facts = factsOf(request);
  const what = `${facts.actionClass === null ? 'a call' : classWords(facts.actionClass)} on ${facts.server ?? 'a server'}`;
  const isStep = step > 0;
  return {
    key: isStep ? `escalation:${requestId}:${step}` : `request:${requestId}`,
    kind: isStep ? 'escalation' : `approval-${tier}`,
    type: isStep ? 'request.escalated' : 'request.opened',
    tier,
    title: isStep ? `Escalated to you: ${tier}, ${what}` : `${capital(tier)}: ${what} waits for a decision`,
    facts,
    path: `/approvals/${requestId}`,
    requestId,
    audience: { kind: 'deciders', requestId, step },
  };
}

/** What is told when a request is about to end without a decision. */
export function expiryNotice(request: {
  readonly id: string;
  readonly tier: Tier;
  readonly actionClass: string;
  readonly server: string;
}): Notice {
  const { id, tier, actionClass, server } = request;
  const facts = { actionClass: plainName(actionClass), server: plainName(server) };
  return {
    key: `expiry:${id}`,
    kind: 'expiry',
    type: 'request.expiring',
    tier,
    title: `About to expire: ${tier}, ${classWords(facts.actionClass)} on ${facts.server}`,
    facts,
    path: `/approvals/${id}`,
    requestId: id,
    audience: { kind: 'deciders', requestId: id, step: 0 },
  };
}

/** A test that somebody asked for. */
export function testNotice(key: string): Notice {
  return {
    key,
    kind: 'security',
    type: 'test',
    tier: null,
    title: 'Test: notifications of Countersign arrive here',
    facts: { actionClass: null, server: null },
    path: '/approvals',
    requestId: null,
    audience: { kind: 'roles', roles: [] },
  };
}

/** The title of a message that also stands for others that were held back. */
export function collapsedTitle(title: string, others: number): string {
  return others === 0 ? title : `${title} - ${others} more ${others === 1 ? 'waits' : 'wait'}`;
}

function newsOf(type: string): News | null {
  const found = Object.entries(NEWS).find(([name]) => name === type);
  return found?.[1] ?? null;
}

function factsOf({ actionClass, server }: Pick<LoggedEvent, 'actionClass' | 'server'>): NoticeFacts {
  return {
    actionClass: actionClass === null ? null : plainName(actionClass),
    server: server === null ? null : plainName(server),
  };
}

const serverWords = (event: LoggedEvent) => (event.server === null ? 'a server' : plainName(event.server));
const capital = (tier: Tier) => `${tier[0]?.toUpperCase()}${tier.slice(1)}`;
