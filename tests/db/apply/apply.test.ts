import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ApplyOptions, applyConfig } from '#lib/server/apply/apply-config.ts';
import { exportConfig } from '#lib/server/apply/export-config.ts';
import { readServer } from '#lib/server/servers/server-view.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { type McpFixture, startMcpServer, tool } from '#tests/fixtures/servers.ts';

let at: Installation;
let upstream: McpFixture;
let file = '';
before(async () => {
  at = await openInstallation();
  upstream = await startMcpServer([tool('read_ticket'), tool('delete_ticket')]);
  const entry = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'));
  file = `version: 1
people:
  - { email: ana@example.com, roles: [admin, reviewer, security], groups: [platform-team] }
  - { email: ben@example.com, roles: [reviewer], groups: [platform-team] }
servers:
  - name: filesystem
    transport: stdio
    command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(entry)}, ${JSON.stringify(at.dataDir)}]
    tier: high
    accept: true
    tools: { read_text_file: { tier: low, class: file-read, reason: "read only, scratch folder" } }
  - name: tickets
    transport: http
    url: ${upstream.url}
    tier: medium
    accept: true
  - name: openclaw-host
    transport: external
    tier: high
    tools: { exec: { class: shell }, browser: { class: browse, tier: medium, reason: "no sign-ins there" } }
agents:
  - name: openclaw-prod
    owner: ana@example.com
    client: openclaw
    requestTimeoutMs: 850000
    servers: [filesystem, tickets, openclaw-host]
    aggregate: true
policies:
  - name: two-people-for-deploys
    when: { agents: ["openclaw-*"], class: [deploy, infra], tier: [high] }
    then: hold
    quorum: 2
    expires: 10m
    mode: enforce
egress:
  - { scheme: https, host: tickets.example.com, port: 443, path: /mcp, reason: ticketing MCP, expires: 2099-06-30 }
  - { scheme: http, host: 127.0.0.1, port: ${upstream.port}, cidr: 127.0.0.1/32, reason: local test upstream }
`;
});
after(async () => {
  await upstream.close();
  await at.close();
});

function options(more: Partial<ApplyOptions> = {}): ApplyOptions {
  const actor = { kind: 'operator', name: 'root' } as const;
  return { ...at, actor, dryRun: false, consoleUrl: 'http://localhost:3000', ...more };
}
async function counts() {
  const { prisma } = at;
  const rows = [prisma.server.count(), prisma.agent.count(), prisma.tool.count(), prisma.egressEntry.count()];
  return Promise.all([...rows, prisma.policyVersion.count(), prisma.auditInbox.count(), prisma.oneTimeLink.count()]);
}

test('a dry run says what would change, asks no server, and changes nothing', async () => {
  const before = await counts();
  const version = await at.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } });
  const dry = await applyConfig(file, options({ dryRun: true }));
  assert.ok(dry.ok);
  const lines = dry.value.changes.map((change) => `${change.kind} ${change.what} ${change.name}`);
  for (const line of [
    'add server tickets',
    'add agent openclaw-prod',
    'add person ben@example.com',
    'accept server filesystem',
  ]) {
    assert.ok(lines.includes(line), `${line} in ${lines.join('; ')}`);
  }
  assert.deepEqual([dry.value.agents, dry.value.invitations], [[], []]);
  assert.deepEqual(await counts(), before);
  assert.equal(upstream.connections, 0);
  assert.deepEqual(await at.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } }), version);
});

test('a refusal in the last part rolls everything back and names the line', async () => {
  const before = await counts();
  const bad = await applyConfig(
    file.replace('servers: [filesystem, tickets', 'servers: [filesystem, tikets'),
    options(),
  );
  assert.ok(!bad.ok);
  const [fault] = bad.error.faults;
  assert.deepEqual([fault?.path, fault?.line], ['agents[0]', 22]);
  assert.match(fault?.message ?? '', /tikets/);
  assert.deepEqual(await counts(), before);
});

test('only an admin or the operator applies', async () => {
  const refused = await applyConfig(file, options({ actor: withRoles(at.admin, ['reviewer', 'security']) }));
  assert.equal(refused.ok ? null : refused.error.code, 'not-allowed');
});

test('the file becomes the configuration: servers read and accepted, tags set, secrets shown once', async () => {
  const applied = await applyConfig(file, options());
  assert.ok(applied.ok, JSON.stringify(applied));
  assert.equal(applied.value.agents[0]?.name, 'openclaw-prod');
  assert.match(applied.value.invitations[0]?.link ?? '', /^http:\/\/localhost:3000\/setup\?token=/);
  const files = await readServer(at.prisma, 'filesystem');
  const read = files?.toolList.find((one) => one.name === 'read_text_file');
  assert.deepEqual([read?.pinState, read?.tier, read?.taggedBy], ['accepted', 'low', 'operator']);
  assert.deepEqual((await readServer(at.prisma, 'tickets'))?.tools, { accepted: 2, waiting: 0, total: 2 });
  assert.ok((await recordedEvents(at.prisma)).some((event) => event.type === 'config.applied'));
});

test('the second run changes nothing at all', async () => {
  const before = await counts();
  const version = await at.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } });
  const again = await applyConfig(file, options());
  assert.ok(again.ok);
  assert.deepEqual(again.value.changes, []);
  assert.deepEqual(await counts(), before);
  assert.equal((await at.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } })).version, version.version);
});

test('what is exported applies without a change, and exporting again gives the same text', async () => {
  const text = await exportConfig(at.prisma);
  assert.ok(!text.includes('css_') && !text.includes('token'));
  assert.match(text, /expires: 2099-06-30/);
  assert.match(text, /reason: read only, scratch folder/);
  const applied = await applyConfig(text, options());
  assert.ok(applied.ok, JSON.stringify(applied));
  assert.deepEqual(applied.value.changes, []);
  assert.equal(await exportConfig(at.prisma), text);
});

test('an exported configuration rebuilds another installation', async (t) => {
  const text = await exportConfig(at.prisma);
  const other = await openInstallation();
  t.after(() => other.close());
  const applied = await applyConfig(text, { ...options(), prisma: other.prisma, keys: other.keys });
  assert.ok(applied.ok, JSON.stringify(applied));
  assert.equal(await exportConfig(other.prisma), text);
});

test('what the file no longer names stays; another command voids the pins of its server', async () => {
  const short = 'version: 1\nservers:\n  - { name: filesystem, transport: stdio, command: [node, other.js] }\n';
  const applied = await applyConfig(short, options());
  assert.ok(applied.ok);
  assert.deepEqual(
    applied.value.changes.map((change) => `${change.kind} ${change.what}`),
    ['change command'],
  );
  assert.notEqual(await readServer(at.prisma, 'tickets'), null);
  assert.equal((await readServer(at.prisma, 'filesystem'))?.tools.accepted, 0);
});

test('a server that the allowlist does not cover is answered with the entry, which a confirmation adds', async (t) => {
  const other = await startMcpServer([tool('read_it')]);
  t.after(() => other.close());
  const text = `version: 1\nservers:\n  - { name: fresh, transport: http, url: "${other.url}", accept: true }\n`;
  const refused = await applyConfig(text, options());
  assert.ok(!refused.ok);
  assert.equal(refused.error.code, 'egress-entry-needed');
  assert.deepEqual(
    refused.error.needs.map((need) => [need.port, need.cidr]),
    [[other.port, '127.0.0.1/32']],
  );
  assert.equal(other.connections, 0);
  const confirmed = await applyConfig(text, options({ addEgress: true }));
  assert.ok(confirmed.ok, JSON.stringify(confirmed));
  assert.equal((await readServer(at.prisma, 'fresh'))?.tools.accepted, 1);
});

test('a server that cannot be read stops the apply before anything is written', async () => {
  const before = await counts();
  const text =
    'version: 1\nservers:\n  - { name: gone, transport: stdio, command: [/nonexistent/binary], accept: true }\n';
  const refused = await applyConfig(text, options());
  assert.equal(refused.ok ? null : refused.error.faults[0]?.code, 'scan-failed');
  assert.deepEqual(await counts(), before);
});

test('a server keeps its transport, and a tag needs a tool that is there', async () => {
  const moved =
    'version: 1\nservers:\n  - { name: openclaw-host, transport: http, url: "https://tickets.example.com/mcp" }\n';
  const refused = await applyConfig(moved, options());
  assert.equal(refused.ok ? null : refused.error.faults[0]?.path, 'servers[0].transport');
  const tag = `version: 1\nservers:\n  - { name: tickets, transport: http, url: "${upstream.url}", tools: { nope: { tier: low, reason: "because" } } }\n`;
  const unknown = await applyConfig(tag, options());
  assert.equal(unknown.ok ? null : unknown.error.faults[0]?.code, 'unknown-tool');
});
