import type { AuditQuery } from '#lib/contracts/audit.ts';

/** Every React Query key there is. Lists and details share a prefix, so one hint can invalidate both. */
export const queryKeys = {
  me: ['me'],
  overview: ['overview'],
  /** Apart from the overview, which every decision makes stale: sums over hours can wait. */
  statistics: (range: string) => ['statistics', range],
  /** The first hour: what was done of it. */
  welcome: ['welcome'],
  killSwitch: ['kill-switch'],
  approvals: {
    all: ['approvals'],
    lists: ['approvals', 'list'],
    /** A folder whole, or what a search in it found. */
    list: (status: 'pending' | 'history' | 'mine', search = '') =>
      search === '' ? ['approvals', 'list', status] : ['approvals', 'list', status, search],
    detail: (id: string) => ['approvals', 'detail', id],
    /** What explains a request; frozen with its digest for the most part, so hints do not make it stale. */
    context: (id: string, digest: string) => ['approval-context', id, digest],
    presence: (id: string) => ['approval-presence', id],
  },
  servers: {
    all: ['servers'],
    list: ['servers', 'list'],
    detail: (id: string) => ['servers', 'detail', id],
  },
  commands: ['commands'],
  agents: {
    all: ['agents'],
    list: ['agents', 'list'],
    detail: (id: string) => ['agents', 'detail', id],
    sessions: (id: string) => ['agents', 'sessions', id],
    usage: (id: string) => ['agents', 'usage', id],
    /** What the console hands out for agents' machines: the same until it is built anew. */
    file: ['agent-file'],
  },
  credentials: {
    all: ['credentials'],
    list: ['credentials', 'list'],
    detail: (id: string) => ['credentials', 'detail', id],
    /** What the log says of them: it comes a moment after the change. */
    histories: ['credentials', 'history'],
    history: (id: string) => ['credentials', 'history', id],
  },
  egress: {
    all: ['egress'],
    list: ['egress', 'list'],
    /** Where everybody went: grows without a hint of its own. */
    traffic: ['egress', 'traffic'],
    attempts: (verdict: string, identity: string | null) => ['egress', 'traffic', verdict, identity],
    hours: ['egress', 'traffic', 'hours'],
    identities: ['egress', 'identities'],
  },
  people: ['people'],
  /** Below people: whoever changes somebody changes a group. */
  groups: ['people', 'groups'],
  settings: {
    retention: ['settings', 'retention'],
    retentionPreview: (days: number | null) => ['settings', 'retention-preview', days],
    keys: ['settings', 'keys'],
    about: ['settings', 'about'],
    licences: ['settings', 'licences'],
  },
  notifications: {
    channels: ['notifications', 'channels'],
    preferences: ['notifications', 'preferences'],
    subscriptions: ['notifications', 'subscriptions'],
    deliveries: ['notifications', 'deliveries'],
    deliveriesOf: (state: string) => ['notifications', 'deliveries', state],
    onCall: ['notifications', 'on-call'],
  },
  sessions: {
    own: ['sessions', 'own'],
    of: (personId: string) => ['sessions', 'of', personId],
  },
  /** How people sign in. */
  sso: ['sso'],
  policies: {
    all: ['policies'],
    list: ['policies', 'list'],
    detail: (version: number) => ['policies', 'detail', version],
    observed: ['policies', 'observed'],
    tests: ['policies', 'tests'],
    /** Rules that are not stored, checked against a version. */
    check: (of: unknown) => ['policies', 'check', of],
  },
  grants: {
    all: ['grants'],
    list: (status: 'live' | 'ended') => ['grants', status],
  },
  /** Everything that puts a rule aside for a while, and the settings that say how far. */
  exceptions: {
    all: ['exceptions'],
    observe: ['exceptions', 'observe'],
    breakGlass: ['exceptions', 'break-glass'],
    delegations: ['exceptions', 'delegations'],
    settings: ['exceptions', 'settings'],
    /** Told by the same hint, so that whoever missed a planted request hears of it at once. */
    calibration: ['exceptions', 'calibration'],
    ownCalibration: ['exceptions', 'calibration', 'own'],
    /** Says what is in observe, so the same hint is about it. */
    rollout: ['exceptions', 'rollout'],
    forecast: (zone: string) => ['exceptions', 'forecast', zone],
  },
  incidents: {
    all: ['incidents'],
    list: (folder: string) => ['incidents', 'list', folder],
    detail: (id: string) => ['incidents', 'detail', id],
  },
  redTeam: {
    all: ['red-team'],
    runs: ['red-team', 'runs'],
    run: (id: string) => ['red-team', 'run', id],
  },
  audit: {
    all: ['audit'],
    timeline: (filters: Readonly<Partial<AuditQuery>>) => ['audit', 'timeline', filters],
    /** What hints refetch; the pages behind it are read once. */
    tails: ['audit', 'tail'],
    tail: (filters: Readonly<Partial<AuditQuery>>) => ['audit', 'tail', filters],
    entry: (seq: string) => ['audit', 'entry', seq],
    entryCheck: (seq: string) => ['audit', 'entry-check', seq],
    stories: ['audit', 'story'],
    story: (of: { readonly call?: string; readonly session?: string }) => ['audit', 'story', of],
    checkpoint: ['audit', 'checkpoint'],
    hunts: ['audit', 'hunts'],
  },
} as const;
