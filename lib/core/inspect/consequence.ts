import type { ActionClass } from '../risk/types.ts';

/** How far a call can reach and whether it can be taken back, by what its tool counts as. */
export type Consequence = {
  readonly blast: string;
  readonly reversal: 'yes' | 'partly' | 'no';
  readonly sentence: string;
};

const CONSEQUENCES: Readonly<Record<ActionClass, readonly [string, Consequence['reversal'], string]>> = {
  shell: ['the machine it runs on, and whatever that can reach', 'no', 'What a command did has to be undone by hand.'],
  'code-exec': ['the machine it runs on, and whatever that can reach', 'no', 'What code did has to be undone by hand.'],
  deploy: [
    'everybody who uses what is deployed',
    'partly',
    'A release can be rolled back; what it did meanwhile stays.',
  ],
  infra: ['the infrastructure and all that runs on it', 'partly', 'Settings can be put back; deleted data cannot.'],
  billing: ['customers’ accounts and invoices', 'partly', 'It can be corrected, and the correction shows.'],
  iam: ['everything the changed account may do', 'partly', 'Rights can be taken back; what they were used for stays.'],
  secrets: ['whatever the secret opens', 'no', 'A secret that was read can only be rotated.'],
  'db-mutation': ['every row that it matches', 'partly', 'Only a backup brings rows back.'],
  'db-read': ['what the agent learns and may pass on', 'no', 'What was read cannot be unread.'],
  'file-write': ['the files it names', 'partly', 'Only a copy brings an old version back.'],
  'file-read': ['what the agent learns and may pass on', 'no', 'What was read cannot be unread.'],
  'message-send': ['everybody it is sent to', 'no', 'A message that was sent cannot be called back.'],
  money: ['the money it moves', 'no', 'A payment that was made has to be asked back.'],
  ticketing: ['the tickets it names, and who follows them', 'yes', 'A ticket can be changed back.'],
  browse: ['what the agent reads, and may be told by strangers', 'yes', 'Nothing is changed.'],
  'docs-search': ['what the agent reads', 'yes', 'Nothing is changed.'],
  memory: ['what the agent will believe later', 'yes', 'A memory can be deleted.'],
  other: ['unknown: nobody has said what this tool does', 'no', 'Nobody has said whether it can be taken back.'],
};

/** The consequence of a call of this class. Said of the class, not of these arguments. */
export function consequenceOf(actionClass: ActionClass): Consequence {
  const [blast, reversal, sentence] = CONSEQUENCES[actionClass];
  return { blast, reversal, sentence };
}
