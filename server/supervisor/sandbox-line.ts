import type { Env } from '#lib/server/env.ts';
import { createLog } from '#lib/server/log.ts';
import { createRunnerClient } from '#lib/server/runner/runner-client.ts';
import { runnerSocketPath } from '#lib/server/runner/socket-path.ts';

/** What the operator reads at the start about the programs of stdio servers, in one line. */
export async function sandboxLine(env: Env): Promise<string> {
  const client = createRunnerClient({ socketPath: runnerSocketPath(env.dataDir), log: createLog('silent', 'main') });
  const status = await client.status('');
  if (status === null) return 'unknown: the runner does not answer';
  const { sandbox, sandboxMode } = status;
  if (sandbox.kind === 'bubblewrap') return `bubblewrap ${sandbox.version}`;
  return sandboxMode === 'required'
    ? `none (${sandbox.why}): stdio servers are not started, RUNNER_SANDBOX is required`
    : `none (${sandbox.why}): stdio servers run with your account's rights`;
}
