// Server-only. Code that works on attacker text and could go on for hours, stopped by the clock.
import { createContext, Script } from 'node:vm';

const sandbox: { work: (() => unknown) | null } = { work: null };
const context = createContext(sandbox);
const script = new Script('work()');

/**
 * Runs synchronous work and gives its result, or null when it took longer than `mostMs`; what it throws is thrown.
 *
 * Not a sandbox: the work is ours, only its input is not. The engine's watchdog ends it wherever it is, a backtracking
 * pattern included; a thread of its own would cost every call a copy of its arguments.
 */
export function runBounded<T>(mostMs: number, work: () => T): { readonly value: T } | null {
  let done: { readonly value: T } | null = null;
  sandbox.work = () => {
    done = { value: work() };
  };
  try {
    script.runInContext(context, { timeout: mostMs });
    return done;
  } catch (error) {
    // It comes from the other context, so it is no instance of our Error.
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  } finally {
    sandbox.work = null;
  }
}
