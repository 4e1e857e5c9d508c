import type { Env } from '#lib/server/env.ts';
import { createLog } from '#lib/server/log.ts';
import { createRunnerClient } from '#lib/server/runner/runner-client.ts';
import { runnerSocketPath } from '#lib/server/runner/socket-path.ts';
import type { Finding } from './finding.ts';

/** Whether the runner of this host answers, and whether it puts programs of stdio servers into a sandbox. */
export async function checkRunner(env: Pick<Env, 'dataDir'>): Promise<Finding> {
  const client = createRunnerClient({ socketPath: runnerSocketPath(env.dataDir), log: createLog('silent', 'doctor') });
  const status = await client.status('');
  if (status === null) {
    return { check: 'runner', state: 'unknown', sentence: 'The runner does not answer: stdio servers do not start.' };
  }
  const { sandbox, sandboxMode } = status;
  if (sandbox.kind === 'bubblewrap') {
    return { check: 'runner', state: 'good', sentence: `sandbox: bubblewrap ${sandbox.version}.` };
  }
  const effect =
    sandboxMode === 'required' ? 'stdio servers are not started' : 'stdio servers run with the rights of this account';
  // Nothing is broken, but somebody should know: it is a bad finding only where a sandbox was asked for.
  const state = sandboxMode === 'required' ? 'bad' : 'unknown';
  return { check: 'runner', state, sentence: `sandbox: none (${sandbox.why}): ${effect}.` };
}
