import type { AuditEventType } from '../audit/event-types.ts';
import { plainName, plainScope } from '../notifications/plain-name.ts';
import type { IncidentKind, Severity } from './kinds.ts';
import type { IncidentSubject } from './subject.ts';

/** What of a log entry an incident is made of. Arguments, results and reasons have no member here. */
export type WatchedEntry = {
  readonly type: string;
  readonly eventId: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly agent: string | null;
  readonly server: string | null;
  readonly tool: string | null;
  readonly session: string | null;
  readonly callId: string | null;
  readonly requestId: string | null;
  readonly outcome: string | null;
  /** Facts of ours; names in them are somebody else's. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
};

/** What an entry signals. */
export type LogSignal = {
  readonly kind: IncidentKind;
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly subject: IncidentSubject;
  readonly drill: false;
};

type Seen = Omit<LogSignal, 'drill'>;

/** Refused connections of one identity within an hour before somebody is asked to look; one a minute is told of each host. */
export const REFUSALS_AN_HOUR = 10;

/**
 * Which entries open an incident, of which kind, how urgent, and what makes two of them one incident. An entry that is not
 * here is everybody's day: refusals by policy, denied votes, expired tokens. `recentRefusals`: of the identity, within the
 * hour before this entry.
 */
const SIGNALS: Partial<
  Record<AuditEventType, (entry: WatchedEntry, recentRefusals: number) => Omit<Seen, 'subject'> | null>
> = {
  'kill.on': (e) => {
    const scope = text(e, 'scope');
    const wide = scope === 'everything' || scope === 'high-risk' || scope.startsWith('tier:');
    return {
      kind: 'switch-killed',
      key: `switch-killed:${scope}`,
      severity: wide ? 'high' : 'medium',
      title: `Stopped: ${plainScope(scope)}`,
      detail: 'Somebody used the kill switch. What waited under this scope is void, and what ran was cancelled.',
    };
  },
  'credential.leaked': (e) => ({
    kind: 'credential-leaked',
    key: `credential-leaked:${e.agent ?? ''}:${text(e, 'credential')}`,
    severity: 'high',
    title: `${name(e.agent)} sent the credential of ${name(text(e, 'of'))} to ${name(e.server)}`,
    detail:
      'The gateway found a credential that it holds in the arguments of a call and stopped the call. The agent has it.',
  }),
  'credential.rotation-failed': (e) => ({
    kind: 'credential-failed',
    key: `credential-failed:${e.server ?? ''}:${text(e, 'name')}`,
    severity: 'medium',
    title: `The credential ${name(text(e, 'name'))} of ${name(e.server)} could not be rotated`,
    detail: 'The old secret goes on until its end. After that every call to the server is refused.',
  }),
  'credential.ended': (e) => ({
    kind: 'credential-failed',
    key: `credential-failed:${e.server ?? ''}:${text(e, 'name')}`,
    severity: 'medium',
    title: `The credential ${name(text(e, 'name'))} of ${name(e.server)} has ended`,
    detail: 'Its end came before a new one. Calls to the server are refused until it is rotated.',
  }),
  'agent.token-misused': (e) => ({
    kind: 'token-misused',
    key: `token-misused:${e.agent ?? ''}`,
    severity: 'high',
    title: `A token of ${name(e.agent)} was shown to the console`,
    detail:
      'A token that only an agent may have came to where only people are served. It was refused; somebody has it.',
  }),
  'tool.drifted': (e) => ({
    kind: 'tool-drifted',
    key: `tool-drifted:${e.server ?? ''}`,
    severity: text(e, 'why') === 'no longer offered' ? 'low' : 'medium',
    title: `Tools of ${name(e.server)} are not what was accepted`,
    detail: `A definition of ${name(e.tool)} changed after somebody accepted it. The tool is quarantined: nothing calls it.`,
  }),
  'break-glass.opened': (e) => ({
    kind: 'break-glass',
    key: `break-glass:${text(e, 'breakGlass')}`,
    severity: 'high',
    title: 'Break-glass was opened',
    detail:
      'For some minutes one vote of this person fills any quorum. Somebody else must review what was decided in it.',
  }),
  'break-glass.overdue': (e) => ({
    kind: 'break-glass',
    key: `break-glass:${text(e, 'breakGlass')}`,
    severity: 'high',
    title: 'A break-glass session was not reviewed in time',
    detail: 'Nobody reviewed it within a day. Its opener cannot open another until somebody does.',
  }),
  'session.quarantined': (e) => ({
    kind: 'session-quarantined',
    key: `session-quarantined:${e.session ?? ''}`,
    severity: 'medium',
    title: `A session of ${name(e.agent)} was quarantined`,
    detail: 'Nothing of it runs, and no new session of this agent may call until it is let in again.',
  }),
  'call.replayed-with-other-arguments': (e) => ({
    kind: 'arguments-swapped',
    key: `arguments-swapped:${e.agent ?? ''}:${e.server ?? ''}`,
    severity: 'high',
    title: `${name(e.agent)} came back with other arguments than were approved`,
    detail: 'An approval was presented with bytes that nobody saw. It was refused: an attack, or a broken client.',
  }),
  'egress.denied': (e, recent) => refusedConnection(e, recent),
  'calibration.judged': (e) =>
    e.outcome !== 'missed'
      ? null
      : {
          kind: 'plant-missed',
          key: `plant-missed:${text(e, 'plant')}`,
          severity: 'medium',
          title: 'A planted request was approved',
          detail: 'Reviewers approved a request that was planted because it is bad. It could not run.',
        },
  'log.unreadable': () => ({
    kind: 'log-unreadable',
    key: 'log-unreadable',
    severity: 'high',
    title: 'The audit log took in an entry that it could not read',
    detail: 'Something wrote into the inbox of the log that no process of ours writes. Its hash is recorded.',
  }),
  'notification.given-up': (e) => ({
    kind: 'notification-lost',
    key: `notification-lost:${text(e, 'channel')}`,
    severity: 'low',
    title: `A notification through ${name(text(e, 'channel'))} was given up`,
    detail: 'Somebody was not told. The page of channels says why, and sends it again.',
  }),
};

/** The kinds of entry that are looked at. */
export const WATCHED_TYPES: readonly string[] = Object.keys(SIGNALS);

/** What an entry of the log signals; null for one that nobody must look at. */
export function signalOf(entry: WatchedEntry, recentRefusals: number): LogSignal | null {
  const found = Object.entries(SIGNALS).find(([type]) => type === entry.type)?.[1];
  const seen = found?.(entry, recentRefusals) ?? null;
  return seen === null ? null : { ...seen, subject: subjectOf(entry), drill: false };
}

/** An address inside is an attack or a mistake whatever its number; others are news only when they go on. */
function refusedConnection(e: WatchedEntry, recent: number): Omit<Seen, 'subject'> | null {
  const who = text(e, 'identity');
  const why = text(e, 'reason');
  const metadata = /metadata service|platform service/.test(why);
  if (metadata || /not public|no range opens|outside the entry's range/.test(why)) {
    return {
      kind: 'egress-internal',
      key: `egress-internal:${who}`,
      severity: metadata ? 'high' : 'medium',
      title: `${identityWords(who)} tried to reach ${metadata ? 'a cloud metadata service' : 'an internal address'}`,
      detail: 'The connection was refused. Whoever reaches such an address can take the credentials of the machine.',
    };
  }
  if (recent < REFUSALS_AN_HOUR) return null;
  return {
    kind: 'egress-repeated',
    key: `egress-repeated:${who}`,
    severity: 'medium',
    title: `${identityWords(who)} keeps trying destinations that nobody allowed`,
    detail: `At least ${REFUSALS_AN_HOUR} connections were refused within an hour.`,
  };
}

function subjectOf(e: WatchedEntry): IncidentSubject {
  const person = e.detail.personId ?? (e.type === 'break-glass.opened' ? e.actorId : null);
  const call = e.callId ?? e.detail.call ?? null;
  return {
    eventId: e.eventId,
    ...given('agent', e.agent),
    ...given('server', e.server),
    ...given('tool', e.tool),
    ...given('session', e.session),
    ...given('callId', call),
    ...given('requestId', e.requestId),
    ...given('personId', person),
    ...given('scope', e.detail.scope),
    ...given('credential', e.detail.credential),
    ...given('token', e.detail.token),
    ...given('identity', e.detail.identity),
    ...given('host', e.detail.host),
  };
}

function given<K extends string>(member: K, value: unknown): { readonly [P in K]?: string } | Record<never, never> {
  return typeof value === 'string' && value !== '' ? { [member]: value } : {};
}

const text = (e: WatchedEntry, member: string): string => {
  const value = e.detail[member];
  return typeof value === 'string' ? value : '';
};

/** Plain in any medium: titles reach mail, chat and the phone's lock screen. */
const name = (value: string | null): string => (value === null || value === '' ? 'somebody' : plainName(value));

function identityWords(identity: string): string {
  const [kind = '', who = ''] = identity.split(':');
  if (who === '') return identity === 'gateway' ? 'The gateway' : `Something (${plainName(kind)})`;
  return `The ${kind === 'server' ? 'server' : 'agent'} ${plainName(who)}`;
}
