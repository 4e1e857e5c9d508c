// Server-only. Each entry as one sentence of plain text. Names in it are attacker text: whoever shows it escapes it.
import type { AuditEventType } from '#lib/core/audit/event-types.ts';

type Loose = { readonly [name: string]: unknown };

/** What the sentences are made of, read from an entry's text; whatever is missing reads as "?". */
type Facts = {
  readonly actor: string;
  readonly agent: string;
  readonly call: string;
  readonly tier: string;
  readonly server: string;
  readonly tool: string;
  readonly decision: string;
  readonly code: string;
  readonly status: string;
  readonly latency: string;
  readonly quorum: string;
  /** Whose place a vote took. */
  readonly inPlaceOf: string;
  readonly detail: (name: string) => string;
};

const SENTENCES: { readonly [T in AuditEventType]: (facts: Facts) => string } = {
  'call.intent': (f) => `${f.agent} runs ${f.call}${f.tier}`,
  'call.outcome': (f) => `${f.call} of ${f.agent} ended: ${f.status}${f.latency}`,
  'call.refused': (f) => `${f.agent} was refused ${f.call}${f.tier}: ${f.code}`,
  'request.opened': (f) => `${f.agent} asks for ${f.call}${f.tier} and waits for a human`,
  'request.attached': (f) => `${f.agent} came back for ${f.call}`,
  'request.approved': (f) => `${f.actor} approved ${f.call} of ${f.agent}${f.quorum}`,
  'request.denied': (f) => `${f.actor} denied ${f.call} of ${f.agent}`,
  'request.expired': (f) => `Nobody decided ${f.call} of ${f.agent} in time: denied`,
  'request.withdrawn': (f) => `${f.call} of ${f.agent} was withdrawn`,
  'request.superseded': (f) => `${f.call} of ${f.agent} was superseded`,
  'request.killed': (f) => `The kill switch voided ${f.call} of ${f.agent}`,
  'request.consumed': (f) => `The approval of ${f.call} of ${f.agent} was used`,
  'request.expired-unused': (f) => `The approval of ${f.call} of ${f.agent} lapsed unused`,
  'request.revoked': (f) => `The approval of ${f.call} of ${f.agent} was revoked`,
  'request.finished': (f) => `The approved ${f.call} of ${f.agent} ended: ${f.status}${f.latency}`,
  'request.unknown-outcome': (f) => `Nobody knows how the approved ${f.call} of ${f.agent} ended`,
  'vote.cast': (f) => `${f.actor} voted ${f.decision}${f.inPlaceOf} on ${f.call} of ${f.agent}`,
  'vote.refused': (f) => `A vote of ${f.actor} on ${f.call} of ${f.agent} was refused: ${f.code}`,
  'request.escalated': (f) => `${f.call} of ${f.agent} waited too long: ${f.detail('groups')} are asked too`,
  'request.extended': (f) => `${f.actor} gave ${f.call} of ${f.agent} more time, until ${f.detail('until')}`,
  'request.vetoed': (f) => `${f.actor} took back the approval of ${f.call} of ${f.agent}`,
  'vote.withdrawn': (f) => `${f.actor} withdrew a vote on ${f.call} of ${f.agent}`,
  'grant.proposed': (f) => `${f.actor} proposed a grant for ${f.agent}: ${f.detail('sentence')}`,
  'grant.vote-cast': (f) => `${f.actor} voted ${f.decision} on a grant for ${f.agent}${f.quorum}`,
  'grant.activated': (f) => `A grant for ${f.agent} began${f.quorum}: ${f.detail('sentence')}`,
  'grant.used': (f) => `${f.agent} used a grant for ${f.call}`,
  'grant.ended': (f) => `A grant for ${f.agent} ended: ${f.status}`,
  'policy.drafted': (f) => `${f.actor} wrote policy version ${f.detail('version')}`,
  'policy.proposed': (f) => `${f.actor} proposes policy version ${f.detail('version')}, which loosens`,
  'policy.published': (f) => `${f.actor} published policy version ${f.detail('version')}`,
  'policy.withdrawn': (f) => `${f.actor} gave up policy version ${f.detail('version')}`,
  'policy.test-saved': (f) => `${f.actor} saved the policy test ${f.detail('test')}`,
  'policy.test-removed': (f) => `${f.actor} removed the policy test ${f.detail('test')}`,
  'observe.opened': (f) => `${f.actor} asks to put ${f.detail('scope')} in observe`,
  'observe.started': (f) => `${f.actor} put ${f.detail('scope')} in observe until ${f.detail('until')}`,
  'observe.ended': (f) => `Enforced again: ${f.detail('scope')}`,
  'break-glass.opened': (f) => `${f.actor} broke the glass: ${f.detail('ticket')}`,
  'break-glass.refused': (f) => `${f.actor} tried to break the glass and was refused: ${f.code}`,
  'break-glass.ended': (f) => `The emergency of ${f.detail('person')} ended`,
  'break-glass.reviewed': (f) => `${f.actor} reviewed an emergency`,
  'break-glass.overdue': (f) => `The emergency of ${f.detail('person')} was not reviewed in time`,
  'delegation.made': (f) => `${f.actor} lets ${f.detail('to')} vote in their place`,
  'delegation.revoked': (f) => `${f.actor} ended the delegation to ${f.detail('to')}`,
  'passkey.enrolled': (f) => `${f.actor} added a passkey`,
  'passkey.removed': (f) => `${f.actor} removed a passkey`,
  'passkey.renamed': (f) => `${f.actor} renamed a passkey`,
  'retention.proposed': (f) => `${f.actor} proposes to keep arguments and results ${f.detail('kept')}`,
  'retention.approved': (f) => `${f.actor} agreed to keep arguments and results ${f.detail('kept')}`,
  'retention.withdrawn': (f) => `${f.actor} took back a change of the retention`,
  'retention.erased': (f) =>
    `By the retention rule ${f.detail('payloads')} payloads and the arguments of ${f.detail('requests')} requests were erased`,
  'settings.changed': (f) => `${f.actor} changed the settings`,
  'session.tainted': (f) => `A session of ${f.agent} read untrusted content through ${f.call}`,
  'call.replayed-with-other-arguments': (f) => `${f.agent} came with other arguments than were approved for ${f.call}`,
  'kill.on': (f) => `${f.actor} stopped ${f.detail('scope')}`,
  'kill.restore-opened': (f) => `${f.actor} asks to re-enable ${f.detail('scope')}`,
  'kill.off': (f) => `${f.actor} re-enabled ${f.detail('scope')}`,
  'server.added': (f) => `${f.actor} registered the server ${f.server}`,
  'server.changed': (f) => `${f.actor} changed the server ${f.server}`,
  'server.scanned': (f) => `The tools of ${f.server} were read`,
  'server.package-accepted': (f) => `${f.actor} accepted another content of ${f.detail('package')} for ${f.server}`,
  'command.proposed': (f) => `${f.actor} proposes the command ${f.detail('command')}`,
  'command.approved': (f) => `${f.actor} approved the command ${f.detail('command')}`,
  'command.withdrawn': (f) => `${f.actor} gave up the proposed command ${f.detail('command')}`,
  'server.disabled': (f) => `${f.actor} switched the server ${f.server} off`,
  'server.enabled': (f) => `${f.actor} switched the server ${f.server} on`,
  'server.proxy-credential-ended': (f) => `${f.actor} ended the way out of the running process of ${f.server}`,
  'tool.accepted': (f) => `${f.actor} accepted ${f.call}`,
  'tool.tagged': (f) => `${f.actor} tagged ${f.call}${f.tier}`,
  'tool.drifted': (f) => `${f.call} is no longer what was accepted`,
  'credential.added': (f) => `${f.actor} gave ${f.server} the credential ${f.detail('name')}`,
  'credential.refused': (f) => `${f.actor} offered ${f.detail('recognised')} for ${f.server}: refused`,
  'credential.changed': (f) => `${f.actor} changed the credential ${f.detail('name')} of ${f.server}`,
  'credential.confirmed': (f) => `${f.actor} bound the credential ${f.detail('name')} to what ${f.server} is now`,
  'credential.leaked': (f) => `${f.actor} sent the credential of ${f.detail('of')} in a call to ${f.server}: stopped`,
  'credential.rotation-staged': (f) =>
    `${f.actor} made a next key for the credential ${f.detail('name')} of ${f.server}`,
  'credential.rotated': (f) => `The credential ${f.detail('name')} of ${f.server} was rotated`,
  'credential.rotation-failed': (f) => `A rotation of the credential ${f.detail('name')} of ${f.server} failed`,
  'credential.version-retired': (f) => `An old version of the credential ${f.detail('name')} of ${f.server} was erased`,
  'credential.retired': (f) => `${f.actor} retired the credential ${f.detail('name')} of ${f.server}`,
  'credential.ended': (f) => `The credential ${f.detail('name')} of ${f.server} has ended: its calls are refused`,
  'credential.reminded': (f) =>
    `The credential ${f.detail('name')} of ${f.server} needs attention within ${f.detail('days')} d`,
  'credential.rewrapped': (f) => `${f.actor} wrapped the keys of all credentials anew`,
  'egress.added': (f) => `${f.actor} allowed the destination ${f.detail('host')}`,
  'egress.changed': (f) => `${f.actor} changed the entry for the destination ${f.detail('host')}`,
  'egress.removed': (f) => `${f.actor} removed the destination ${f.detail('host')}`,
  'egress.identity-changed': (f) =>
    `${f.actor} set unlisted destinations of ${f.detail('identity')} to: ${f.detail('onFirstSeen')}`,
  'egress.denied': (f) => `A connection of ${f.detail('identity')} to ${f.detail('host')} was refused`,
  'agent.created': (f) => `${f.actor} created the agent ${f.agent}`,
  'agent.changed': (f) => `${f.actor} changed the agent ${f.agent}`,
  'agent.rotated': (f) => `${f.actor} rotated the secret of ${f.agent}`,
  'agent.revoked': (f) => `${f.actor} revoked the agent ${f.agent}`,
  'agent.token-issued': (f) => `${f.actor} issued a token for ${f.agent}`,
  'agent.token-revoked': (f) => `${f.actor} revoked a token of ${f.agent}`,
  'agent.token-misused': (f) =>
    `A token of ${f.agent} was shown to the ${f.detail('place')}, where only people are served`,
  'agent.key-added': (f) => `${f.actor} gave ${f.agent} a public key`,
  'agent.key-revoked': (f) => `${f.actor} ended a key of ${f.agent}`,
  'session.quarantined': (f) => `${f.actor} quarantined a session of ${f.agent}`,
  'session.lifted': (f) => `${f.actor} let a session of ${f.agent} in again`,
  'signing-key.added': (f) => `The next token-signing key was published: it signs from ${f.detail('signsFrom')}`,
  'signing-key.retired': () => 'A token-signing key was retired',
  'person.set-up': (f) =>
    f.detail('link') === 'setup' ? `${f.actor} set the installation up` : `${f.actor} accepted an invitation`,
  'person.invited': (f) => `${f.actor} invited ${f.detail('email')}`,
  'person.changed': (f) => `${f.actor} changed ${f.detail('email')}`,
  'person.signed-in': (f) => `${f.actor} signed in`,
  'person.signed-out': (f) => `${f.actor} signed out`,
  'person.sign-in-failed': (f) => `A sign-in as ${f.actor} failed`,
  'person.sso-bound': (f) => `${f.actor} was bound to a subject at the sign-in provider`,
  'person.stepped-up': (f) => `${f.actor} proved again who they are`,
  'person.session-ended': (f) => `${f.actor} ended a session of ${f.detail('email')}`,
  'person.cli-confirmed': (f) => `${f.actor} signed a command line in`,
  'person.invitation-withdrawn': (f) => `${f.actor} withdrew the invitation of ${f.detail('email')}`,
  'person.tied': (f) =>
    `The account ${f.detail('email')} counts as one person with ${f.detail('with')} until ${f.detail('until')}`,
  'person.confirmed': (f) => `${f.actor} confirmed that ${f.detail('email')} is somebody of their own`,
  'person.refused': (f) => `${f.actor} was refused ${f.detail('method')} ${f.detail('route')} (${f.detail('code')})`,
  'sign-in.changed': (f) => `${f.actor} changed how people sign in`,
  'person.password-reset': (f) => `${f.actor} set a new password`,
  'calibration.changed': (f) => `${f.actor} changed how known-bad requests are planted`,
  'calibration.planted': () => 'A known-bad request was planned; which one is told once it is judged',
  'calibration.judged': (f) =>
    `A planted request was ${f.detail('outcome')}: ${f.call} of ${f.agent} was never meant to run`,
  'red-team.set-up': (f) => `${f.actor} set up the red team`,
  'red-team.changed': (f) => `${f.actor} changed when the red team runs`,
  'red-team.asked': (f) => `${f.actor} asked for a red-team run`,
  'red-team.started': (f) => `A red-team run began (${f.detail('cause')})`,
  'red-team.staged': (f) => `The red team put the definition of ${f.tool} on ${f.server} to ${f.detail('pin')}`,
  'red-team.finished': (f) =>
    `A red-team run ended ${f.detail('light')}: ${f.detail('held')} of ${f.detail('counted')} held`,
  'red-team.broken-off': () => 'A red-team run was broken off',
  'red-team.gap-accepted': (f) =>
    `${f.actor} accepted until ${f.detail('until')} that ${f.detail('scenario')} gets through`,
  'red-team.gap-ended': (f) => `${f.actor} no longer accepts that ${f.detail('scenario')} gets through`,
  'notification.channel-added': (f) => `${f.actor} added the notification channel ${f.detail('name')}`,
  'notification.channel-changed': (f) => `${f.actor} changed the notification channel ${f.detail('name')}`,
  'notification.channel-removed': (f) => `${f.actor} removed the notification channel ${f.detail('name')}`,
  'notification.tested': (f) => `${f.actor} sent a test through ${f.detail('channel')}: ${f.detail('outcome')}`,
  'notification.preferences-changed': (f) => `${f.actor} changed what they are told of`,
  'notification.subscribed': (f) => `${f.actor} lets a browser be told through ${f.detail('service')}`,
  'notification.unsubscribed': (f) => `${f.actor} took back a browser that was told through ${f.detail('service')}`,
  'notification.refused': (f) => `${f.actor} was refused at notifications: ${f.code}`,
  'notification.on-call-changed': (f) => `${f.actor} changed who is on call for ${f.detail('group')}`,
  'notification.given-up': (f) => `A notification through ${f.detail('channel')} was given up: ${f.detail('why')}`,
  'notification.resent': (f) => `${f.actor} had a notification sent again through ${f.detail('channel')}`,
  'incident.opened': (f) => `Incident opened: ${f.detail('kind')} (${f.detail('severity')})`,
  'incident.reopened': (f) => `Incident reopened: ${f.detail('kind')} (${f.detail('severity')})`,
  'incident.acknowledged': (f) => `${f.actor} took an incident: ${f.detail('kind')}`,
  'incident.step-done': (f) => `${f.actor} did a step for an incident: ${f.detail('step')}`,
  'incident.noted': (f) => `${f.actor} wrote a note into an incident: ${f.detail('kind')}`,
  'incident.resolved': (f) =>
    `Incident resolved by ${f.detail('by') === 'evidence' ? 'evidence' : f.actor}: ${f.detail('kind')}`,
  'config.applied': (f) => `${f.actor} applied a configuration file`,
  'log.started': () => 'The log was started',
  'log.unreadable': () => 'An event could not be read; its hash is recorded',
  'log.exported': (f) =>
    f.detail('of') === '?' ? `${f.actor} exported the log` : `${f.actor} took away the evidence of ${f.detail('of')}`,
  'process.started': (f) => `The ${f.actor} started`,
};

/** The sentence of an entry. Assumes the entry's exact text; an unreadable one still gets a sentence. */
export function sentenceOf(entryText: string): string {
  let entry: unknown;
  try {
    entry = JSON.parse(entryText);
  } catch {
    return 'An entry that cannot be read';
  }
  const facts = isLoose(entry) ? factsOf(entry) : null;
  const type = isLoose(entry) ? entry.type : undefined;
  if (facts === null || !isKnown(type)) return typeof type === 'string' ? type : 'An entry without a type';
  return SENTENCES[type](facts);
}

function isKnown(type: unknown): type is AuditEventType {
  return typeof type === 'string' && Object.hasOwn(SENTENCES, type);
}

function factsOf(entry: Loose): Facts {
  const at = (value: unknown, name: string): unknown => (isLoose(value) ? value[name] : undefined);
  const word = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '?');
  const actor = word(at(entry.actor, 'name'));
  const server = word(at(entry.server, 'name'));
  const tool = word(entry.tool);
  const latency = at(entry.result, 'latency_ms');
  const { needed, approved } = isLoose(entry.quorum) ? entry.quorum : {};
  return {
    actor,
    agent: typeof at(entry.agent, 'name') === 'string' ? word(at(entry.agent, 'name')) : actor,
    call: `${server} / ${tool}`,
    tier: typeof entry.tier === 'string' ? ` (${entry.tier})` : '',
    server,
    tool,
    decision: word(entry.decision),
    code: word(entry.code ?? entry.decision),
    status: word(at(entry.result, 'status')),
    latency: typeof latency === 'number' ? ` after ${latency} ms` : '',
    quorum: typeof needed === 'number' && needed > 1 ? ` (${String(approved)} of ${needed})` : '',
    inPlaceOf: typeof at(entry.detail, 'for') === 'string' ? ` for ${word(at(entry.detail, 'for'))}` : '',
    detail: (name) => word(at(entry.detail, name)),
  };
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
