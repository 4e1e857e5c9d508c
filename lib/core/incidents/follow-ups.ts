import type { AuditEventType } from '../audit/event-types.ts';
import type { WatchedEntry } from './from-log.ts';

/** What an entry of the log adds to the story of an incident that is open. */
export type FollowUp = { readonly key: string; readonly words: string };

const text = (e: WatchedEntry, member: string): string => String(e.detail[member] ?? '');

/** By the keys under which from-log.ts opens; an entry about an incident that is not open adds nothing. */
const FOLLOW_UPS: Partial<Record<AuditEventType, (entry: WatchedEntry) => FollowUp>> = {
  'kill.restore-opened': (e) => ({ key: `switch-killed:${text(e, 'scope')}`, words: 'asked to turn it on again' }),
  'kill.off': (e) => ({ key: `switch-killed:${text(e, 'scope')}`, words: 'turned it on again' }),
  'break-glass.ended': (e) => ({ key: `break-glass:${text(e, 'breakGlass')}`, words: 'ended the emergency' }),
  'break-glass.reviewed': (e) => ({ key: `break-glass:${text(e, 'breakGlass')}`, words: 'reviewed it' }),
  'session.lifted': (e) => ({ key: `session-quarantined:${e.session ?? ''}`, words: 'let the session in again' }),
  'tool.accepted': (e) => ({ key: `tool-drifted:${e.server ?? ''}`, words: 'accepted a definition of this server' }),
  'server.disabled': (e) => ({ key: `tool-drifted:${e.server ?? ''}`, words: 'switched the server off' }),
  'credential.rotated': (e) => ({
    key: `credential-failed:${e.server ?? ''}:${text(e, 'name')}`,
    words: 'rotated the credential',
  }),
  'agent.token-revoked': (e) => ({ key: `token-misused:${e.agent ?? ''}`, words: 'ended a token of the agent' }),
  'agent.rotated': (e) => ({ key: `token-misused:${e.agent ?? ''}`, words: 'rotated the secret of the agent' }),
  'agent.revoked': (e) => ({ key: `token-misused:${e.agent ?? ''}`, words: 'revoked the agent' }),
};

/** The kinds of entry that say how an incident goes on. */
export const FOLLOWED_TYPES: readonly string[] = Object.keys(FOLLOW_UPS);

/** What an entry says of an incident that may be open; null for one that says nothing of any. */
export function followUpOf(entry: WatchedEntry): FollowUp | null {
  return Object.entries(FOLLOW_UPS).find(([type]) => type === entry.type)?.[1](entry) ?? null;
}
