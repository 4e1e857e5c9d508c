// Server-only. Work on hostile text that must not hold up everybody else.
import vm from 'node:vm';

const CALL = new vm.Script('work()');
/** Made once: making one takes longer than most of what is read in it. */
const HANDLE: { work: () => void } = { work: () => undefined };
const CONTEXT = vm.createContext(HANDLE);

/**
 * Runs synchronous work and stops it after a time. Returns null when it was stopped.
 *
 * A grammar that tries one reading after another can take seconds over a text made for it, and while it does, no page of
 * anybody is answered. The context is only the engine's handle for stopping: it separates nothing, and keeps nothing.
 */
export function withinTime<T>(timeoutMs: number, work: () => T): T | null {
  const done: T[] = [];
  const outer = HANDLE.work;
  HANDLE.work = () => {
    done.push(work());
  };
  try {
    CALL.runInContext(CONTEXT, { timeout: timeoutMs });
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  } finally {
    HANDLE.work = outer;
  }
  return done[0] ?? null;
}

function isTimeout(error: unknown): boolean {
  // Not by its class: it may come from the context's own realm.
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
