import { applyConfig } from '#lib/server/apply/apply-config.ts';
import type { DemoContext } from '../supervisor/demo-hook.ts';
import { OPERATOR } from './operator.ts';

/** Both rules only tighten what the tiers do by themselves, so they are in force at once. */
const FILE = `version: 1
policies:
  - name: nobody-reads-the-environment
    description: What a process was started with is nobody's business but its own.
    when: { class: [secrets] }
    then: deny
  - name: releases-can-be-taken-back
    description: Ten seconds in which anybody who may vote can stop a release again.
    when: { class: [deploy] }
    then: hold
    undo: 10s
egress:
  - identity: agent:release-bot
    scheme: https
    host: registry.example.com
    port: 443
    reason: where the images of a release lie
egressIdentities:
  - { identity: agent:release-bot, onFirstSeen: ask }
`;

/** Gives the demo its first rules, once: what people make of them since stays as it is. */
export async function makeRules(context: DemoContext): Promise<void> {
  const { prisma, keys, env } = context;
  if ((await prisma.policyVersion.count()) > 0) return;
  const applied = await applyConfig(FILE, { prisma, keys, actor: OPERATOR, dryRun: false, consoleUrl: env.consoleUrl });
  if (!applied.ok) throw new Error(applied.error.faults[0]?.message ?? applied.error.code);
}
