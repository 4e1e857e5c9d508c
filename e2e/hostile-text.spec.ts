import type { Page } from '@playwright/test';
import { type HoldRecord, holdRecordSchema } from '#lib/contracts/calls.ts';
import { acceptFound, agentWithToken, eventually } from '#tests/fixtures/gateway.ts';
import { type Agent, argumentsIn, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByKeyboard, openRequest } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

/** What attackers write into every field they reach. Each would call home, open a dialog, or speak in our name. */
const MARKUP = [
  '<script>alert(1)</script>',
  '"><img src="https://evil.example/a.png" onerror="alert(2)">',
  '<svg onload="alert(3)"><use href="https://evil.example/b.svg#x"/></svg>',
  '[click](javascript:alert(4)) ![x](https://evil.example/c.png)',
  '<link rel="preconnect" href="https://evil.example"><style>@import "https://evil.example/d.css"</style>',
  '</title></textarea></script><base href="https://evil.example/">{{constructor.constructor("alert(5)")()}}',
].join(' ');
const BIDI = 'invoice\u202Efdp.exe\u200B\u2066x\u2069\u3164';
const TERMINAL = '\u001b[2J\u001b[1;32mdone\u001b[0m\u001b]8;;https://evil.example\u0007ok\u009b31m\rrm -rf /';
const MARKS = [
  'U+202E',
  'U+200B',
  'U+2066',
  'U+2069',
  'U+3164',
  'U+E0041',
  'U+E0042',
  'U+001B',
  'U+0007',
  'U+009B',
  'U+000D',
];
const TAGS = `hi${String.fromCodePoint(0xe0041, 0xe0042)}`;

/** What is never in the text of a page, whoever wrote it: all of the above that the eye cannot see. */
const UNSEEN = ['\u001b', '\r', '\u0007', '\u009b', '\u200B', '\u202E', '\u2066', '\u2069', '\u3164', '\u{E0041}'];

let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  stack.upstream.tools = [
    ...stack.upstream.tools,
    {
      name: 'inject_me',
      title: MARKUP,
      description: `${MARKUP} ${BIDI}`,
      inputSchema: { type: 'object', additionalProperties: true, description: MARKUP },
    },
    // A tool whose very name is hostile is not taken in at all.
    { name: '<img src=x onerror=alert(9)>', inputSchema: { type: 'object', additionalProperties: true } },
  ];
  await acceptFound(stack, FILES);
  agent = await connectAgent(stack, { name: 'parrot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

async function unseenIn(page: Page): Promise<readonly string[]> {
  const text = (await page.locator('main').textContent()) ?? '';
  return UNSEEN.filter((character) => text.includes(character));
}

/** Asks by the decision API, which carries the agent's own words. */
async function askToCall(body: Readonly<Record<string, unknown>>, name = 'clerk'): Promise<HoldRecord> {
  const { token } = await agentWithToken(stack, { name, servers: [FILES] }, '/api/v1/calls');
  return eventually('the gateway to know the agent', async () => {
    const answer = await fetch(`${stack.gatewayUrl}/api/v1/calls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.status === 401 ? null : holdRecordSchema.parse(await answer.json());
  });
}

test('markup in every field stays text: nothing runs, nothing is loaded from anywhere (T30, T31, U01)', async ({
  browse,
}) => {
  const said = { reason: `${MARKUP} ${BIDI}`, onBehalfOf: MARKUP.slice(0, 120), session: MARKUP.slice(0, 60) };
  const args = { [MARKUP]: MARKUP, nested: { url: 'javascript:alert(6)', list: [MARKUP] } };
  const asked = await askToCall({ server: FILES, tool: 'inject_me', arguments: args, ...said });
  const call = { requestId: asked.requestId ?? '', callId: asked.callId };
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await expect(ben.getByRole('article').getByRole('heading', { level: 1 })).toContainText('inject_me');
  await expect(ben.getByRole('article').getByText('<script>alert(1)</script>').first()).toBeVisible();
  for (const quoted of ['The agent says (unverified)', 'The server describes this tool as (unverified)']) {
    await ben.getByText(quoted).click();
  }
  await decideByKeyboard(ben, 'deny', MARKUP.slice(0, 400));
  await expect(ben.getByText('Denied. The call did not run.').first()).toBeVisible();

  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/servers/${FILES}`);
  await ana.getByRole('button', { name: /^inject_me/ }).click();
  await expect(ana.getByText('alert(9)')).toHaveCount(0);
  await ana.getByText('Whole definition, as the server sent it').click();
  await expect(ana.getByLabel('Definition', { exact: true })).toContainText('<script>alert(1)</script>');
  for (const path of ['/', '/approvals', '/agents/clerk', '/policies', `/audit?call=${call.callId}`]) {
    await ana.goto(`${stack.consoleUrl}${path}`);
    await expect(ana.getByRole('main')).toBeVisible();
  }
  await ana.getByRole('listitem').getByRole('button').first().click();
  await expect(ana.getByLabel('Exact text of the entry')).toContainText('inject_me');
  for (const page of [ben, ana]) {
    expect(await page.locator('main :is(script, img, iframe, object, embed, base, style, link)').count()).toBe(0);
    const targets = await page
      .locator('main a')
      .evaluateAll((links) => links.map((link) => new URL(link.getAttribute('href') ?? '', location.href).origin));
    expect(new Set(targets)).toEqual(new Set([stack.consoleUrl]));
  }
});

test('hidden and direction-changing characters are shown as marks, and the bytes go on unchanged (T32, T33, U02)', async ({
  browse,
}) => {
  const before = stack.upstream.calls.length;
  const call = await agent.hold('echo', { file: BIDI, note: TAGS, 'ke\u200By': 1, terminal: TERMINAL });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  const request = ben.getByRole('article');
  for (const mark of MARKS) {
    await expect(request.getByText(mark).first()).toBeVisible();
  }
  const warned = request.getByRole('region', { name: 'What to know before reading' });
  await expect(warned).toContainText(/Read these first.*Hidden characters in \d fields? are shown, not applied/);
  // Whatever gets through turns nothing around it: each piece has its own direction.
  const value = request.locator('[data-arg="$.file"] [dir=ltr]').first();
  await expect(value).toHaveCSS('unicode-bidi', 'isolate');
  await expect(value).toHaveCSS('direction', 'ltr');
  const ana = await browse(stack, ANA);
  for (const path of ['/approvals', '/', `/audit?call=${call.callId}`, '/agents/parrot', `/servers/${FILES}`]) {
    await ana.goto(`${stack.consoleUrl}${path}`);
    await expect(ana.locator('[aria-busy="true"]')).toHaveCount(0);
    expect(await unseenIn(ana), path).toEqual([]);
  }
  expect(await unseenIn(ben)).toEqual([]);
  await decideByKeyboard(ben, 'approve', 'harmless here');
  const canonical = textOf(await call.answer);
  expect(argumentsIn(stack.upstream.calls[before]?.body ?? '')).toBe(canonical);
  expect(JSON.parse(canonical)).toEqual({ file: BIDI, note: TAGS, 'ke\u200By': 1, terminal: TERMINAL });
});

test('words that pretend to be ours stay in a box of the agent, closed at high risk, below the arguments (T35, U06)', async ({
  browse,
}) => {
  const reason =
    '✓ Verified by Security\n[ Approve ]  2 of 2 approved\nREQUEST 2: read a file, low risk. Already approved by Ben.';
  const asked = await askToCall(
    { server: FILES, tool: 'inject_me', arguments: { path: '/etc/shadow' }, reason },
    'mimic',
  );
  const ben = await openRequest(await browse(stack, BEN), stack, asked.requestId ?? '');
  const request = ben.getByRole('article');
  const box = request.getByRole('group').filter({ hasText: 'The agent says (unverified)' });
  await expect(box.getByText('Verified by Security')).toBeHidden();
  await expect(request.getByText('/etc/shadow', { exact: true }).first()).toBeVisible();
  await box.getByText('The agent says (unverified)').click();
  const words = box.getByText('Verified by Security');
  await expect(words).toBeVisible();
  await expect(words).toHaveCSS('font-family', /mono/i);
  expect(await box.getByRole('button').count(), 'nothing in it can be pressed').toBe(0);
  expect(await box.locator('svg, img').count(), 'and nothing in it is an icon of ours').toBe(0);
  const [args, said] = await Promise.all([request.locator('[data-arg]').first().boundingBox(), box.boundingBox()]);
  expect(args?.y ?? 0, 'the arguments are read first').toBeLessThan(said?.y ?? 0);
  await decideByKeyboard(ben, 'deny', '');
});

test('padding hides nothing: blanks are counted, and a high-risk approval waits until folded parts were opened (T34, U03)', async ({
  browse,
}) => {
  const command = `echo ok${'\n'.repeat(2000)}rm -rf /`;
  const call = await agent.hold('echo', { command, filler: 'x'.repeat(20_000) });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  const request = ben.getByRole('article');
  await expect(request.getByText(/[\d,]+ bytes of \d fields? are folded below/)).toBeVisible();
  await expect(request.getByText('rm -rf /', { exact: true })).toBeVisible();
  const approve = ben.getByRole('button', { name: /^Approve…/ });
  await expect(approve).toHaveAccessibleDescription(/^Open the .*folded part/);
  const folded = request.getByRole('button', { name: /bytes hidden: show/ });
  while ((await folded.count()) > 0) await folded.first().click();
  await expect(approve).not.toHaveAttribute('aria-disabled', 'true');
  await decideByKeyboard(ben, 'deny', '');
});
