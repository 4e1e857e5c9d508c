// Server-only. Work on hostile text that must not hold up everybody else.
import vm from 'node:vm';

const CALL = new vm.Script('work()');

/**
 * Runs synchronous work and stops it after a time. Returns null when it was stopped.
 *
 * A grammar that tries one reading after another can take seconds over a text made for it, and while it does, no page of
 * anybody is answered. The context is only the engine's handle for stopping: it separates nothing.
 */
export function withinTime<T>(timeoutMs: number, work: () => T): T | null {
  const done: T[] = [];
  const context = vm.createContext({ work: () => done.push(work()) });
  try {
    CALL.runInContext(context, { timeout: timeoutMs });
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  }
  return done[0] ?? null;
}

function isTimeout(error: unknown): boolean {
  // Not by its class: it may come from the context's own realm.
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
