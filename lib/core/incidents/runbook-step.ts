import type { IncidentSubject } from './subject.ts';

/** What the button of a step does. Those that change something ask again, and the server judges who may. */
export type StepAction =
  | { readonly kind: 'open'; readonly text: string; readonly href: string }
  | { readonly kind: 'kill'; readonly text: string; readonly scope: string }
  | { readonly kind: 'quarantine'; readonly text: string; readonly agent: string; readonly session: string }
  | { readonly kind: 'revoke-token'; readonly text: string; readonly agent: string; readonly token: string };

export type RunbookStep = {
  readonly id: string;
  /** What to do, as an order. */
  readonly title: string;
  /** Why, and what to look for. */
  readonly why: string;
  readonly action: StepAction | null;
};

export type StepTemplate = Omit<RunbookStep, 'action'> & {
  readonly act?: (about: IncidentSubject) => StepAction | null;
};

/** A step; without `act` it has no button. */
export const step = (id: string, title: string, why: string, act?: StepTemplate['act']): StepTemplate =>
  act === undefined ? { id, title, why } : { id, title, why, act };

/** A button that leads. */
export const open = (text: string, href: string): StepAction => ({ kind: 'open', text, href });
/** A path with what it is narrowed by; what is not known is left out. */
export const at = (path: string, query: Readonly<Record<string, string | undefined>>): string => {
  const params = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return params.length === 0 ? path : `${path}?${params.join('&')}`;
};
/** The page of one thing, or of all where its name is not known. */
export const below = (path: string, name: string | undefined) =>
  name === undefined ? path : `${path}/${encodeURIComponent(name)}`;

/** Leads to the agent it is about. */
export const openAgent = (about: IncidentSubject) => open('Open the agent', below('/agents', about.agent));
/** Leads to the server it is about. */
export const openServer = (about: IncidentSubject) => open('Open the server', below('/servers', about.server));
/** Leads to the story of the call it is about. */
export const openCall = (about: IncidentSubject) => open('Open its story', at('/audit', { call: about.callId }));
/** Leads to what the log has of its agent, or of its server. */
export const openStory = (about: IncidentSubject) =>
  open(
    'Open the log',
    at('/audit', { agent: about.agent, server: about.agent === undefined ? about.server : undefined }),
  );
/** Leads to the entries of one type. */
export const openType = (type: string) => () => open('Open the log', at('/audit', { type }));
