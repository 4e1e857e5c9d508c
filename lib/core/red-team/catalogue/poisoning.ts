import { allowed, blocked, type Scenario } from '../scenario.ts';

/** Definitions that are not what people accepted. */
export const POISONING: readonly Scenario[] = [
  {
    id: 'definition-changed',
    family: 'poisoning',
    controls: [1, 2],
    guard: 'pins',
    severity: 'critical',
    title: 'A tool’s definition changes after it was accepted',
    why: 'The rug pull: a harmless tool becomes another one under the same name.',
    path: 'calls',
    wants: [
      allowed('The tool as it was accepted'),
      blocked('The same tool, once its definition is another', 'tool-quarantined'),
    ],
  },
  {
    id: 'never-accepted',
    family: 'poisoning',
    controls: [1, 2],
    guard: 'pins',
    severity: 'critical',
    title: 'A tool that nobody accepted yet is called',
    why: 'A server adds a poisoned tool and hopes that it works at once.',
    path: 'calls',
    wants: [blocked('A tool that was found and never accepted', 'tool-quarantined')],
  },
  {
    id: 'withdrawn-tool',
    family: 'poisoning',
    controls: [1, 2],
    guard: 'pins',
    severity: 'high',
    title: 'A tool that its server no longer has is called',
    why: 'What was taken away must not stay callable.',
    path: 'calls',
    wants: [blocked('A tool that is missing from the server', 'unknown-tool')],
  },
  {
    id: 'name-look-alikes',
    family: 'poisoning',
    controls: [1, 2],
    guard: 'exact-names',
    severity: 'high',
    title: 'Look-alikes of a tool’s name',
    why: 'A homoglyph, another case or a blank would shadow an accepted tool.',
    path: 'calls',
    wants: [
      blocked('Read_Note', 'unknown-tool', 'invalid-request'),
      blocked('read_note with a blank behind it', 'unknown-tool', 'invalid-request'),
      blocked('read_note with a Cyrillic letter', 'unknown-tool', 'invalid-request'),
      blocked('red-team-sink__read_note', 'unknown-tool', 'invalid-request'),
      blocked('A full-width letter that NFKC would make plain', 'unknown-tool', 'invalid-request'),
    ],
  },
];
