/**
 * Runs the drain once, at SIGTERM, SIGINT or when the parent is gone, and ends the process.
 * A lost parent counts as a stop: after `kill -9` of the supervisor nobody else would ever stop this process.
 */
export function onStopSignal(drain: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    drain().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}
