/**
 * The session under which the log chains an agent's entries: `<agent>/<declared session>`.
 *
 * A session id is the agent's own word. Without the agent in front, a hostile agent could declare another agent's session
 * and write itself into that story. Agent names hold no slash, so the first one separates. Entries without an agent keep
 * their session as it is.
 */
export function auditSessionId(agent: string | undefined, session: string): string {
  return agent === undefined ? session : `${agent}/${session}`;
}
