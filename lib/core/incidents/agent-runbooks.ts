import { at, below, open, openAgent, openCall, openStory, openType, type StepTemplate, step } from './runbook-step.ts';

const stopAgent = step(
  'stop-agent',
  'Stop the agent if you are not sure',
  'Everything it waits for is voided and what runs is cancelled. Chat and other agents go on. Two people turn it back on.',
  (about) =>
    about.agent === undefined
      ? open('Open the kill switch', '/kill-switch')
      : { kind: 'kill', text: 'Stop this agent', scope: `agent:${about.agent}` },
);
const quarantine = step(
  'quarantine-session',
  'Put the session outside',
  'Only this session and those that begin after it stop; what the agent does elsewhere goes on.',
  (about) => {
    const { agent, session } = about;
    if (agent === undefined || session === undefined) return openAgent(about);
    // The log calls a session `<agent>/<session>`.
    const own = session.startsWith(`${agent}/`) ? session.slice(agent.length + 1) : session;
    return { kind: 'quarantine', text: 'Quarantine the session', agent, session: own };
  },
);
const tellOwner = step(
  'tell-owner',
  'Tell who runs the agent',
  'They know what it was meant to do tonight. Note what they say: it is the first thing the next person asks.',
  openAgent,
);
const readStory = step(
  'read-story',
  'Read what it did before and after',
  'Look for what it read just before: an instruction in a result is the usual cause. Note the first strange call.',
  openStory,
);

/** Runbooks for what an agent did, or was used for. */
export const AGENT_RUNBOOKS = {
  'credential-leaked': [
    quarantine,
    step(
      'rotate',
      'Rotate the credential',
      'The call was stopped, but the agent holds the secret: treat it as known. Rotate at the server itself first if you can.',
      (about) =>
        about.credential === undefined
          ? open('Open credentials', '/credentials')
          : open('Open the credential', below('/credentials', about.credential)),
    ),
    step(
      'how',
      'Find out how the agent got it',
      'Agents are never given upstream secrets. A result, a file or an error of the server held it: find the call.',
      openCall,
    ),
    step(
      'elsewhere',
      'Look for other calls with it',
      'The gateway stops every call that holds it: other refusals of the same kind mean other places that know it.',
      openType('credential.leaked'),
    ),
    stopAgent,
    tellOwner,
  ],
  'token-misused': [
    step(
      'revoke',
      'End the token',
      'It is known to somebody who should not have it. The agent gets another with its own secret.',
      (about) =>
        about.agent === undefined || about.token === undefined
          ? openAgent(about)
          : { kind: 'revoke-token', text: 'End this token', agent: about.agent, token: about.token },
    ),
    step('rotate', 'Rotate the secret of the agent', 'Whoever has a token often has the file beside it.', openAgent),
    readStory,
    stopAgent,
    tellOwner,
  ],
  'session-quarantined': [
    step('why', 'Read why it was put outside', 'The agent page says by whom, with their reason.', openAgent),
    readStory,
    stopAgent,
    tellOwner,
    step(
      'lift',
      'Let it in again, or revoke the agent',
      'Until then no new session of this agent may call.',
      openAgent,
    ),
  ],
  'arguments-swapped': [
    step(
      'compare',
      'Compare what was approved with what came',
      'The request holds the approved bytes; the log the digest of the others. It was refused.',
      (about) =>
        about.requestId === undefined
          ? openCall(about)
          : open('Open the request', below('/approvals', about.requestId)),
    ),
    quarantine,
    readStory,
    stopAgent,
    tellOwner,
  ],
  'egress-internal': [
    step(
      'where',
      'See where it tried to go',
      'A metadata address hands out the credentials of the machine; a private one is somebody’s own service.',
      (about) => open('Open blocked attempts', at('/egress', { view: 'blocked', identity: about.identity })),
    ),
    step(
      'told',
      'Find out what told it to',
      'A URL in a result, a redirect or a name that resolves inside: look at the calls before.',
      openStory,
    ),
    step(
      'stop',
      'Stop what keeps trying',
      'It was refused each time. Stop it when it changes addresses: that is a search, not a mistake.',
      (about) => {
        if (about.agent !== undefined) return { kind: 'kill', text: 'Stop this agent', scope: `agent:${about.agent}` };
        if (about.server !== undefined)
          return { kind: 'kill', text: 'Stop this server', scope: `server:${about.server}` };
        return open('Open the kill switch', '/kill-switch');
      },
    ),
    step(
      'list',
      'Look through the allowlist',
      'An entry with a private range opens more than one wants. Remove what nobody needs.',
      () => open('Open the allowlist', '/egress'),
    ),
  ],
  'egress-repeated': [
    step(
      'where',
      'See where it tried to go',
      'The same host again is a missing entry or an update check; many hosts are a search.',
      (about) => open('Open blocked attempts', at('/egress', { view: 'blocked', identity: about.identity })),
    ),
    step('told', 'Find out what told it to', 'Look at the calls before the first refusal.', openStory),
    step(
      'allow',
      'Allow it, with an end and a reason, or leave it refused',
      'Only when its owner says what it is for.',
      () => open('Open the allowlist', '/egress'),
    ),
  ],
} as const satisfies Readonly<Record<string, readonly StepTemplate[]>>;
