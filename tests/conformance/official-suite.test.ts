import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROTOCOL_METHODS } from '#lib/core/servers/protocol-methods.ts';
import { type Gateway, startGateway } from '#lib/server/gateway/start-gateway.ts';
import { createLog } from '#lib/server/log.ts';
import { acceptUpstream, agentWithToken, gatewayEnv } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { type AuthorisingProxy, startAuthorisingProxy } from './authorising-proxy.ts';
import { EVERYTHING_TOOLS } from './everything-tools.ts';
import { type EverythingUpstream, startEverythingUpstream } from './everything-upstream.ts';
import { runConformanceSuite } from './run-suite.ts';

const BASELINE = 'tests/conformance/baseline.yml';
let at: Installation;
let upstream: EverythingUpstream;
let proxy: AuthorisingProxy;
let gateway: Gateway;

before(async () => {
  at = await openInstallation();
  upstream = await startEverythingUpstream();
  const low = [...EVERYTHING_TOOLS.map((tool) => tool.name), ...PROTOCOL_METHODS].map((name) => [name, 'low'] as const);
  await acceptUpstream(at, 'everything', upstream, Object.fromEntries(low));
  const { token } = await agentWithToken(at, { name: 'suite', servers: ['everything'] }, '/mcp/everything');
  proxy = await startAuthorisingProxy();
  const env = gatewayEnv(at, { GATEWAY_URL: `http://localhost:${proxy.port}` });
  gateway = await startGateway({ databaseUrl: at.url, keys: at.keys, env, log: createLog('silent', 'gateway') });
  proxy.aim(gateway.port, token);
});
after(async () => {
  await gateway?.close();
  await proxy?.close();
  await upstream?.close();
  await at?.close();
});

test('the official server scenarios pass through the gateway, but for those of the baseline', async (t) => {
  const { server: baseline } = z.object({ server: z.array(z.string()) }).parse(parse(readFileSync(BASELINE, 'utf8')));
  const scenarios = await runConformanceSuite(`http://localhost:${proxy.port}/mcp/everything`);
  assert.ok(scenarios.length >= 30, `only ${scenarios.length} scenarios ran`);
  for (const name of baseline)
    assert.ok(
      scenarios.some((one) => one.name === name),
      `${name} is no scenario`,
    );
  for (const { name, failures, checks } of scenarios) {
    await t.test(`${name}${baseline.includes(name) ? ' fails, as the baseline says' : ''}`, () => {
      assert.ok(checks > 0, 'nothing was checked');
      if (baseline.includes(name)) assert.notDeepEqual(failures, [], 'it passes: take it off the baseline');
      else assert.deepEqual(failures, []);
    });
  }
});

test('each line of the baseline has its reason', () => {
  const lines = readFileSync(BASELINE, 'utf8')
    .split('\n')
    .filter((line) => line.trim().startsWith('- '));
  for (const line of lines) assert.match(line, / # \S.{20,}/, line);
});

test('what the upstream asked of the agent\u2019s model and user it was refused at once', () => {
  assert.ok(upstream.refusals.length > 0);
  for (const refusal of upstream.refusals) assert.match(JSON.stringify(refusal), /-32601/);
});
