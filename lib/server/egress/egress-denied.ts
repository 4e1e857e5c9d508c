/** A connection that the allowlist refuses. Thrown, because a socket factory has no other way to say no. */
export class EgressDenied extends Error {
  readonly code = 'egress-denied';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`egress denied: ${reason}`, options);
    this.name = 'EgressDenied';
    this.reason = reason;
  }
}

/** Nobody could say where the host is: refused like the rest, and the only refusal that may be another a minute later. */
export class HostUnresolved extends EgressDenied {}

/** Finds the refusal in an error or in the chain of causes that a client library wrapped around it. */
export function egressDenialIn(error: unknown): EgressDenied | null {
  let current: unknown = error;
  for (let depth = 0; depth < 8; depth++) {
    if (current instanceof EgressDenied) return current;
    if (!(current instanceof Error)) return null;
    current = current.cause;
  }
  return null;
}
