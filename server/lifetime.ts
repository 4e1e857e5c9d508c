// How a child process ends: when it is told to, or when its supervisor is gone.

const GRACE_MS = 10_000;

/**
 * Runs `stop` once, at SIGTERM or when the supervisor disappears (even by `kill -9`: the IPC channel closes), then
 * exits. SIGINT is left to the supervisor when there is one, because a terminal sends Ctrl-C to everybody at once.
 * A `stop` that hangs is cut after ten seconds, so that no process stays behind.
 */
export function stopWithSupervisor(supervised: boolean, stop: () => Promise<void>): void {
  let stopping = false;
  const end = () => {
    if (stopping) {
      return;
    }
    stopping = true;
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', () => {
    if (!supervised) {
      end();
    }
  });
  if (process.send !== undefined) {
    process.on('disconnect', end);
    // The supervisor may have died before this line ran.
    if (!process.connected) {
      end();
    }
  }
}

/** Tells the supervisor that this child does its work now; does nothing without one. */
export function reportReady(): void {
  process.send?.({ kind: 'ready' });
}
