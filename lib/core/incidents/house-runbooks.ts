import { at, below, open, openServer, openType, type StepTemplate, step } from './runbook-step.ts';

/** Runbooks for the installation itself: switch, registry, people, record, red team. */
export const HOUSE_RUNBOOKS = {
  'switch-killed': [
    step(
      'who',
      'Find out who stopped it and why',
      'The switch says by whom, with their reason. Call them if you are not they.',
      () => open('Open the kill switch', '/kill-switch'),
    ),
    step(
      'stopped',
      'See that it is stopped everywhere',
      'Every gateway must say stopped, with its delay. One that does not answer is stopped by hand, on its host.',
      () => open('See the gateways', '/kill-switch'),
    ),
    step(
      'read',
      'Read what ran in the minutes before',
      'What was cancelled may have done half of its work: look for outcomes that nobody knows.',
      () => open('Open the log', at('/audit', { type: 'request.unknown-outcome' })),
    ),
    step(
      'tell',
      'Tell those who wait',
      'Agents say killed; their people should hear it from you, with a time for the next word.',
    ),
    step(
      'restore',
      'Ask for the restore when the cause is gone',
      'Two people turn it back on. What was voided stays void: agents ask again.',
      () => open('Open the kill switch', '/kill-switch'),
    ),
  ],
  'credential-failed': [
    step(
      'see',
      'See what failed',
      'The page says what the server or the hook answered, and when the secret ends.',
      () => open('Open credentials', '/credentials'),
    ),
    step(
      'rotate',
      'Rotate it by hand',
      'Make the next secret at the server, put it in, and test it. The old one goes on for its overlap.',
      () => open('Open credentials', '/credentials'),
    ),
    step(
      'test',
      'See that calls pass again',
      'A refused call says credential-ended or upstream-failed; neither should come any more.',
      (about) => open('Open the log', at('/audit', { server: about.server, type: 'call.' })),
    ),
  ],
  'tool-drifted': [
    step(
      'diff',
      'Read the difference',
      'The server page shows what changed, word by word. Orders to the model, secret paths and other tools named in a description are an attack.',
      openServer,
    ),
    step(
      'ask',
      'Ask who runs the server',
      'An update that nobody announced is not an update. The tool stays quarantined meanwhile: nothing calls it.',
    ),
    step(
      'stop',
      'Stop the server if the text is hostile',
      'All of its tools stop, not only the one that changed.',
      (about) =>
        about.server === undefined
          ? open('Open the kill switch', '/kill-switch')
          : { kind: 'kill', text: 'Stop this server', scope: `server:${about.server}` },
    ),
    step('used', 'See who used it lately', 'What ran before the change ran under the accepted definition.', (about) =>
      open('Open the log', at('/audit', { server: about.server, tool: about.tool })),
    ),
    step(
      'accept',
      'Accept or refuse the new definition',
      'Accepting it takes an admin, and asks for exactly what you have read.',
      openServer,
    ),
  ],
  'break-glass': [
    step(
      'see',
      'See who opened it, and for what',
      'Reason and ticket stand there. End it now if they do not fit.',
      () => open('Open exceptions', '/exceptions'),
    ),
    step(
      'decided',
      'Read what was decided in it',
      'Each vote under break-glass is marked. Look for approvals that the ticket does not ask for.',
      () => open('Open the log', at('/audit', { type: 'vote.cast' })),
    ),
    step(
      'review',
      'Review it',
      'Somebody else than the opener, within a day: their next emergency depends on it.',
      () => open('Open exceptions', '/exceptions'),
    ),
  ],
  'plant-missed': [
    step(
      'see',
      'See what was approved, and how fast',
      'The page shows each vote with the time it took. It could not run.',
      () => open('Open calibration', '/calibration'),
    ),
    step(
      'talk',
      'Talk to who approved it',
      'They were told at once. Ask what they saw, not why they failed: the screen may be at fault.',
    ),
    step(
      'load',
      'See how much they are asked',
      'Many alike in an hour make anybody press approve. Tighten the rule, or grant what is harmless.',
      () => open('Open policies', '/policies'),
    ),
  ],
  'log-unreadable': [
    step(
      'entry',
      'Find the entry',
      'It says when it came. Every writer of ours is in the same log at that time.',
      openType('log.unreadable'),
    ),
    step(
      'verify',
      'Verify the log from outside',
      'Run countersign verify on an export, on another machine, with the key you keep.',
      () => open('How to verify', '/docs/audit'),
    ),
    step(
      'access',
      'See who can write to the database',
      'Nothing but the gateway, console and worker should be able to. Change the password of the database if in doubt.',
      () => open('For operators', '/docs/operators'),
    ),
  ],
  'log-rolled-back': [
    step(
      'restored',
      'Ask whether a backup was restored',
      'Then entries are missing, and the host knows more than the database. Nothing is sequenced until somebody decides.',
      () => open('What to decide', '/docs/audit'),
    ),
    step('keep', 'Keep what is there', 'Copy the database and the data folder before anything else: it is evidence.'),
    step(
      'verify',
      'Verify the last export against the database',
      'The first place where they differ says what was taken out.',
      () => open('How to verify', '/docs/audit'),
    ),
    step('stop', 'Stop high-risk tools meanwhile', 'What runs now is recorded only in the inbox.', () => ({
      kind: 'kill',
      text: 'Stop high-risk tools',
      scope: 'high-risk',
    })),
  ],
  'notification-lost': [
    step('why', 'See why it was given up', 'The page of channels says what the other side answered.', () =>
      open('Open channels', '/settings/channels'),
    ),
    step('mend', 'Mend the channel and send a test', 'A channel that fails at night is found out at night.', () =>
      open('Open channels', '/settings/channels'),
    ),
    step('missed', 'See what was missed', 'Send again what still matters; tell by voice what cannot wait.', () =>
      open('Open channels', '/settings/channels'),
    ),
  ],
  'guardrail-regressed': [
    step(
      'replay',
      'Watch the replay',
      'It shows the attack as it ran, and the first place where it was not stopped.',
      (about) => open('Open the run', below('/red-team', about.runId)),
    ),
    step(
      'changed',
      'Find what changed since the last good run',
      'A policy, a tag, a pin, an allowlist entry or a build. The newest is the likeliest.',
      () => open('Open policies', '/policies'),
    ),
    step('stop', 'Stop high-risk tools if it can happen for real', 'What the runner could do, an agent can.', () => ({
      kind: 'kill',
      text: 'Stop high-risk tools',
      scope: 'high-risk',
    })),
    step('rerun', 'Take the change back and run again', 'Only a green rerun closes this incident.', () =>
      open('Open red team', '/red-team'),
    ),
  ],
  'red-team-missed': [
    step('worker', 'See that a worker runs', 'The schedule is kept by the worker: without one nothing runs.', () =>
      open('Open health', '/settings/about'),
    ),
    step('run', 'Run it by hand', 'A run that comes closes this incident.', () => open('Open red team', '/red-team')),
  ],
  drill: [
    step(
      'run',
      'See that the run closes it',
      'Each red-team run raises this and closes it, to prove that an incident would be raised. One that stays open means that it would not be noticed.',
      (about) => open('Open the run', below('/red-team', about.runId)),
    ),
    step(
      'again',
      'Run again',
      'If it stays open again, incidents are not to be trusted: look at the worker and its log.',
      () => open('Open red team', '/red-team'),
    ),
  ],
} as const satisfies Readonly<Record<string, readonly StepTemplate[]>>;
