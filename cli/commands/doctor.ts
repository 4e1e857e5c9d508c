import type { Command } from 'commander';
import type { Env } from '#lib/server/env.ts';
import type { Cli } from '../cli.ts';
import { checkHost } from '../doctor/check-host.ts';
import { checkInstallation } from '../doctor/check-installation.ts';
import { checkRunner } from '../doctor/check-runner.ts';
import { conclude } from '../doctor/conclude.ts';
import type { Finding } from '../doctor/finding.ts';
import { type AgentHostFlags, fromAgentHost } from '../doctor/from-agent-host.ts';
import { openHost } from '../host.ts';
import type { Outcome } from '../outcome.ts';
import { agentHostOptions } from './doctor-agent-host.ts';

export function addDoctor(program: Command, cli: Cli): void {
  agentHostOptions(
    program
      .command('doctor')
      .description('check this host and its installation, or that an agent’s host is confined to gateway and proxy'),
  ).action((options: AgentHostFlags & { readonly fromAgentHost?: true }) =>
    cli.run((env) => (options.fromAgentHost === true ? fromAgentHost(env, options) : fromHost(env))),
  );
}

async function fromHost(env: Env): Promise<Outcome> {
  const findings: Finding[] = [...(await checkHost(env)), await checkRunner(env)];
  const opened = await openHost(env);
  if (opened.ok) {
    try {
      findings.push(...(await checkInstallation(opened.value)));
    } finally {
      await opened.value.close();
    }
  } else {
    findings.push({ check: 'database', state: 'unknown', sentence: opened.error.lines.join(' ') });
  }
  return conclude(findings);
}
