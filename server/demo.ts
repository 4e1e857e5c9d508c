// `npm start -- --demo`: called by the supervisor once everything runs.
import type { DemoContext, RunningDemo } from './supervisor/demo-hook.ts';

/** Starts the demo's people, servers and agent. */
export async function startDemo(context: DemoContext): Promise<RunningDemo> {
  context.say('  This build has no demo content yet: what you see is an empty installation.');
  return { stop: async () => undefined };
}
