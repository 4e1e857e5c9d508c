import { allowed, blocked, held, type Scenario } from '../scenario.ts';

/** Stops the drill's agent and nobody else, and ends that stop again. */
export const KILL_SWITCH: readonly Scenario[] = [
  {
    id: 'stopped-agent',
    family: 'kill-switch',
    controls: [7],
    guard: 'kill',
    severity: 'critical',
    title: 'A stopped agent goes on',
    why: 'The switch is for the moment in which everything else has failed.',
    path: 'calls',
    wants: [
      allowed('Before the stop'),
      blocked('After it', 'killed'),
      blocked('After it, with a fresh token', 'killed'),
      allowed('Another agent, which is not stopped'),
    ],
  },
  {
    id: 'held-before-the-stop',
    family: 'kill-switch',
    controls: [2, 7],
    guard: 'kill',
    severity: 'critical',
    title: 'What waited before a stop comes back after it',
    why: 'Old requests die with the switch and stay dead.',
    path: 'holds',
    wants: [
      held('A dangerous call, before the stop'),
      blocked('The same call by its id, after it', 'killed'),
      blocked('By its id once the stop has ended', 'killed'),
    ],
  },
];
