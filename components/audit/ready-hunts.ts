import type { Filters } from './filters.ts';

type ReadyHunt = { readonly name: string; readonly about: string; readonly filters: Filters };

/** What security asks first, in the order of how much it matters. */
export const READY_HUNTS: readonly ReadyHunt[] = [
  {
    name: 'Other arguments than approved',
    about: 'An agent had one thing approved and came with another',
    filters: { type: 'call.replayed-with-other-arguments' },
  },
  {
    name: 'Secrets on the way out',
    about: 'Calls that carried a credential of ours, and secrets offered where none may be',
    filters: { type: 'credential.leaked,credential.refused' },
  },
  { name: 'Denied by people', about: 'What reviewers said no to', filters: { type: 'request.denied' } },
  {
    name: 'Kill switch',
    about: 'When something was stopped, and when it was let go again',
    filters: { type: 'kill.on,kill.off' },
  },
  { name: 'Break-glass', about: 'Emergencies, and whether they were reviewed', filters: { type: 'break-glass.' } },
  {
    name: 'Loosened rules',
    about: 'Policies that let more through, observe in place of enforce, shorter memory',
    filters: { type: 'policy.proposed,observe.opened,observe.started,retention.proposed' },
  },
  {
    name: 'Where agents went',
    about: 'Destinations that were refused or newly allowed',
    filters: { type: 'egress.denied,egress.added,egress.identity-changed' },
  },
  {
    name: 'Untrusted content',
    about: 'Sessions that read what strangers wrote',
    filters: { type: 'session.tainted,session.quarantined' },
  },
  {
    name: 'Nobody knows how it ended',
    about: 'Approved calls without an outcome',
    filters: { type: 'request.unknown-outcome' },
  },
  {
    name: 'Turned away at the door',
    about: 'Failed sign-ins, people refused what they asked for, agents’ tokens shown to the console',
    filters: { type: 'person.sign-in-failed,person.refused,agent.token-misused' },
  },
];
