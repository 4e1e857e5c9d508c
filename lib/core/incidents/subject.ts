/** What an incident is about: names and ids by which the console finds it again. Names are attacker text: escape them. */
export type IncidentSubject = {
  readonly agent?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly callId?: string;
  readonly requestId?: string;
  /** Of a red-team run. */
  readonly runId?: string;
  readonly personId?: string;
  /** As the log names it. */
  readonly session?: string;
  /** Of the kill switch. */
  readonly scope?: string;
  readonly credential?: string;
  /** The id of a token, which opens nothing. */
  readonly token?: string;
  /** The identity and the host of a refused connection. */
  readonly identity?: string;
  readonly host?: string;
  /** The entry of the log that says so. */
  readonly eventId?: string;
};
