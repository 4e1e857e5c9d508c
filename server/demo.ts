// `npm start -- --demo`: called by the supervisor once everything runs.
import { startAgents } from './demo/agents.ts';
import type { DemoProcess } from './demo/demo-process.ts';
import { type DemoPerson, makePeople } from './demo/people.ts';
import { makeRules } from './demo/rules.ts';
import { makeServers } from './demo/servers.ts';
import { makeWorkspace } from './demo/workspace.ts';
import type { DemoContext, RunningDemo } from './supervisor/demo-hook.ts';

/**
 * Makes the demo's people, servers and agents where they are missing, and starts the agents. A demo that cannot be set up
 * says why and leaves the installation running as it is.
 */
export async function startDemo(context: DemoContext): Promise<RunningDemo> {
  const running: DemoProcess[] = [];
  const stop = async () => {
    // Agents first: their servers must still be there while they withdraw what waits.
    for (const one of running.splice(0).reverse()) {
      await one.stop();
    }
  };
  try {
    const people = await makePeople(context);
    announce(context, people);
    const workspace = makeWorkspace(context.env.dataDir);
    running.push(await makeServers(context, workspace));
    running.push(await startAgents(context, workspace));
    await makeRules(context);
    context.say('  Two agents keep calling: look at Approvals in the console.');
    context.say('');
  } catch (error) {
    await stop();
    context.say(`  The demo could not be set up: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { stop };
}

function announce({ say }: DemoContext, people: readonly DemoPerson[]): void {
  const isNew = people.some((person) => person.password !== undefined);
  say(isNew ? '  People of this demo (the passwords are shown this once):' : '  People of this demo:');
  for (const { email, roles, password } of people) {
    const secret = password ?? `npx countersign people reset ${email} --data-dir ./data-demo`;
    say(`  ${email.padEnd(20)} ${roles.join(', ').padEnd(20)} ${secret}`);
  }
  say('');
}
