// What the demo's agents ask for. Everything happens for real, inside the scratch folder: paths begin there, so that
// what a visitor sees does not tell where on this machine it lies.
/** One call that an agent can make; `n` counts up, so that no two calls are the same request. */
export type ScriptedCall = {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The agent's own words, where its way in carries them. */
  readonly reason?: string;
};

const SERVICES = ['checkout-api', 'billing-worker', 'search-index'];
const PEOPLE = ['Marta Ruiz', 'Jonas Weber', 'Priya Nair', 'Tom Okafor'];
const CITIES = ['New York', 'Chicago', 'Los Angeles'];

function pick<T>(from: readonly T[], n: number): T {
  const found = from[n % from.length];
  if (found === undefined) {
    throw new Error('There is nothing to pick from.');
  }
  return found;
}

/** Calls of low tools over MCP: they run at once. */
export function quietCall(n: number): ScriptedCall {
  const service = pick(SERVICES, Math.floor(n / 6));
  const calls: ScriptedCall[] = [
    { server: 'workspace', tool: 'list_directory', arguments: { path: 'tickets' } },
    {
      server: 'workspace',
      tool: 'read_text_file',
      arguments: { path: `services/${service}/deploy.yaml` },
    },
    { server: 'everything', tool: 'get-structured-content', arguments: { location: pick(CITIES, n) } },
    { server: 'workspace', tool: 'search_files', arguments: { path: '.', pattern: '**/*.md' } },
    { server: 'everything', tool: 'get-sum', arguments: { a: 40 + (n % 17), b: 2 } },
    { server: 'everything', tool: 'echo', arguments: { message: `Shift note ${n}: ${service} is quiet` } },
  ];
  return pick(calls, n);
}

/** Calls of medium and high tools over MCP: people are asked. */
export function dangerousCall(n: number): ScriptedCall {
  const service = pick(SERVICES, n);
  const ticket = `OPS-${4300 + (n % 600)}`;
  const calls: ScriptedCall[] = [
    {
      server: 'workspace',
      tool: 'write_file',
      arguments: {
        path: `services/${service}/limits.json`,
        content: `${JSON.stringify({ service, requestsPerMinute: 900 + n * 25, burst: 60, owner: 'platform-team' }, null, 2)}\n`,
      },
    },
    {
      server: 'workspace',
      tool: 'create_directory',
      arguments: { path: `archive/2026-w${10 + (n % 40)}` },
    },
    { server: 'everything', tool: 'get-env', arguments: {} },
    {
      server: 'workspace',
      tool: 'write_file',
      arguments: {
        path: `tickets/${ticket}.md`,
        content: [
          `# ${ticket}: customers of ${service} see HTTP 502`,
          '',
          `Reported by ${pick(PEOPLE, n)}. Started 14:0${n % 10} UTC, about ${2 + (n % 7)} % of requests.`,
          '',
          '1. Roll the last release back.',
          '2. Tell the status page.',
          '',
        ].join('\n'),
      },
    },
    { server: 'everything', tool: 'trigger-long-running-operation', arguments: { duration: 6, steps: 6 } },
    {
      server: 'workspace',
      tool: 'move_file',
      arguments: {
        source: `services/${service}/deploy.yaml`,
        destination: `services/${service}/deploy.old-${n}.yaml`,
      },
    },
  ];
  return pick(calls, n);
}

/** What the agents ask for first, one of each kind that a visitor should see; `n` moves on with every start. */
export function openingCalls(n: number): readonly { readonly by: 'mcp' | 'release'; readonly call: ScriptedCall }[] {
  return [
    { by: 'mcp', call: dangerousCall(6 * n) },
    { by: 'release', call: releaseCall(6 * n) },
    { by: 'mcp', call: dangerousCall(6 * n + 5) },
    { by: 'release', call: releaseCall(6 * n + 2) },
  ];
}

/** What the release agent asks the decision API for, and then runs by itself. */
export function releaseCall(n: number): ScriptedCall {
  const service = pick(SERVICES, n);
  const version = `2.${10 + (Math.floor(n / 3) % 90)}.${Math.floor(n / 270)}`;
  const calls: ScriptedCall[] = [
    {
      server: 'release-host',
      tool: 'deploy',
      arguments: { service, version, environment: n % 2 === 0 ? 'production' : 'staging', strategy: 'rolling' },
      reason: `The build of ${service} ${version} is green and the release window is open.`,
    },
    {
      server: 'release-host',
      tool: 'create_ticket',
      arguments: {
        title: `Certificate of ${service} ends in ${9 + (n % 12)} days`,
        assignee: pick(PEOPLE, n),
        priority: n % 2 === 0 ? 'high' : 'normal',
      },
      reason: 'The weekly check of certificates found it.',
    },
    {
      server: 'release-host',
      tool: 'exec',
      arguments: { argv: ['node', 'scripts/rotate-logs.js', service, '--keep', String(5 + (n % 4))] },
      reason: 'The disk of the host is 91 % full.',
    },
  ];
  return pick(calls, n);
}
