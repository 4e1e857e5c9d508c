/** An agent's standing quarantines, taken together. */
export type AgentQuarantine = {
  /** The sessions that security has put outside. */
  readonly sessions: ReadonlySet<string>;
  /** The sessions that were there beside all of them at the time; they go on. */
  readonly others: ReadonlySet<string>;
};

/** Why a session may not call: it is quarantined itself, or it began after a quarantine and may be the same one again. */
export type SessionStanding = 'free' | 'quarantined' | 'began-later';

/**
 * Tells whether a session of an agent may call. A session's name is the agent's to choose or to drop, so while one is
 * quarantined only those that were known beside it pass: otherwise reconnecting would end the quarantine. Calls without a
 * session never do, for they cannot be told from the quarantined one.
 */
export function standingOf(quarantine: AgentQuarantine | undefined, session: string): SessionStanding {
  if (quarantine === undefined) return 'free';
  if (quarantine.sessions.has(session)) return 'quarantined';
  return quarantine.others.has(session) ? 'free' : 'began-later';
}

/** The key of calls that name no session. */
export function sessionlessKey(agentId: string): string {
  return `agent:${agentId}`;
}

/** Takes an agent's standing quarantines together: a session goes on only if each of them knew it. */
export function joinQuarantines(
  rows: readonly { readonly session: string; readonly others: readonly string[] }[],
): AgentQuarantine | undefined {
  const [first, ...rest] = rows;
  if (first === undefined) return undefined;
  const others = first.others.filter((one) => rest.every((row) => row.others.includes(one)));
  return { sessions: new Set(rows.map((row) => row.session)), others: new Set(others) };
}
