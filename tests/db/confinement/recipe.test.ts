// The files of deploy/confine: each read by the tool that will read it where that is installed, and by us in any case.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const FOLDER = new URL('../../../deploy/confine/', import.meta.url).pathname;
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const without = (command: string, args: readonly string[]) =>
  spawnSync(command, [...args]).error === undefined ? false : `${command} is not installed here`;

test('the ruleset is one that nft takes', { skip: without('nft', ['--version']) || notRoot() }, () => {
  const checked = spawnSync('nft', ['-c', '-f', join(FOLDER, 'nftables.nft')], { encoding: 'utf8' });
  assert.equal(checked.status, 0, checked.stderr);
});

function notRoot(): string | false {
  return process.getuid?.() === 0 ? false : 'nft checks a ruleset for root alone';
}

test('the ruleset ends in a refusal, for both families, and opens two ports of one address', () => {
  const text = read('nftables.nft').replaceAll(/^\s*#.*$/gm, '');
  assert.equal(text.split('{').length, text.split('}').length);
  const [, body = ''] = /chain output \{([^}]*)\}/.exec(text) ?? [];
  const rules = body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  assert.equal(rules[0], 'type filter hook output priority filter - 5; policy accept;');
  assert.equal(rules[1], 'meta skuid != $agent_user return');
  assert.equal(rules.at(-1), 'counter reject with icmpx type admin-prohibited');
  assert.match(text, /table inet /);
  const accepts = rules.filter((rule) => rule.endsWith('accept'));
  assert.deepEqual(
    accepts.filter((rule) => !rule.startsWith('oifname "lo"')),
    ['ip daddr $gateway_address tcp dport $gateway_ports accept'],
  );
});

const COMPOSE = z.object({
  services: z.record(z.string(), z.record(z.string(), z.unknown())),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).loose()),
});

test('in Compose the agent is on the internal network alone, and cannot reach the engine', () => {
  const { services, networks } = COMPOSE.parse(parse(read('compose.yaml')));
  assert.deepEqual(services.agent?.networks, ['confined']);
  assert.equal(networks.confined?.internal, true);
  assert.notEqual(networks.outside?.internal, true);
  for (const key of ['network_mode', 'privileged', 'volumes', 'ports', 'extra_hosts']) {
    assert.equal(services.agent?.[key], undefined, key);
  }
  assert.deepEqual(services.agent?.dns, ['127.0.0.1']);
  assert.equal(services.gateway?.ports, undefined);
});

test('Compose itself takes the file', { skip: without('docker', ['--version']) || noCompose() }, () => {
  const environment = { COUNTERSIGN_IMAGE: 'a', AGENT_IMAGE: 'b', DATABASE_URL: 'postgresql://x/y' };
  const checked = spawnSync('docker', ['compose', '-f', join(FOLDER, 'compose.yaml'), 'config', '-q'], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  assert.equal(checked.status, 0, checked.stderr);
});

function noCompose(): string | false {
  return spawnSync('docker', ['compose', 'version']).status === 0 ? false : 'docker compose is not installed here';
}

const POLICY = z.object({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata: z.strictObject({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    podSelector: z.object({}).loose(),
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.unknown()).optional(),
    egress: z
      .array(
        z.strictObject({
          to: z.array(z.strictObject({ namespaceSelector: z.object({}).loose(), podSelector: z.object({}).loose() })),
          ports: z.array(z.strictObject({ protocol: z.literal('TCP'), port: z.number() })),
        }),
      )
      .optional(),
  }),
});

test('in Kubernetes the agent’s pods reach the gateway’s two ports, and nothing reaches them', () => {
  const documents = parseAllDocuments(read('kubernetes.yaml'));
  assert.deepEqual(
    documents.flatMap(({ errors }) => errors),
    [],
  );
  const [agents, upstreams, pod] = documents.map((document): unknown => document.toJS());
  const { spec } = POLICY.parse(agents);
  assert.deepEqual(spec.policyTypes, ['Ingress', 'Egress']);
  assert.deepEqual(spec.ingress, []);
  assert.deepEqual(
    spec.egress?.flatMap(({ ports }) => ports.map(({ port }) => port)),
    [4000, 4001],
  );
  assert.equal(spec.egress?.length, 1);
  assert.deepEqual(POLICY.parse(upstreams).spec.policyTypes, ['Ingress']);
  const shape = z.object({
    kind: z.literal('Pod'),
    spec: z.object({
      hostNetwork: z.literal(false),
      automountServiceAccountToken: z.literal(false),
      dnsPolicy: z.literal('None'),
    }),
  });
  assert.ok(shape.safeParse(pod).success);
});

test('systemd takes the drop-in', { skip: without('systemd-analyze', ['--version']) }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cs-unit-'));
  try {
    const unit = join(folder, 'agent.service');
    writeFileSync(
      unit,
      `[Unit]\nDescription=An agent\n[Service]\nExecStart=/bin/true\n${read('agent.service.conf').replace('EnvironmentFile=/', 'EnvironmentFile=-/')}`,
    );
    const checked = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    const ours = checked.stderr.split('\n').filter((line) => line.includes('agent.service'));
    assert.deepEqual(ours, []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the drop-in denies every address before it allows one', () => {
  const text = read('agent.service.conf');
  assert.match(text, /^IPAddressDeny=any$/m);
  assert.equal(text.match(/^IPAddressAllow=/gm)?.length, 1);
  assert.match(text, /^NoNewPrivileges=yes$/m);
});

test('OpenClaw is told of one server, one plugin and no shell', () => {
  const text = read('openclaw.json5').replaceAll(/^\s*\/\/.*$/gm, '');
  const config: unknown = JSON.parse(text);
  assert.deepEqual(config, {
    mcp: {
      servers: {
        countersign: {
          url: 'https://gateway.example.com:4000/mcp',
          transport: 'streamable-http',
          headers: { Authorization: `Bearer ${'$'}{COUNTERSIGN_TOKEN}` },
          requestTimeoutMs: 840_000,
        },
      },
    },
    plugins: { enabled: true, allow: ['countersign'] },
    tools: { exec: { mode: 'deny' } },
  });
});

test('the environment sends everything but the gateway through the proxy', () => {
  const lines = read('agent.env')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const values = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) {
    assert.equal(new URL(values.get(name) ?? '').port, '4001', name);
  }
  assert.equal(values.get('NO_PROXY'), 'gateway.example.com');
  assert.equal(values.get('NODE_USE_ENV_PROXY'), '1');
});
