// What a page or a result from elsewhere can make a reviewer's browser do: nothing.
import type { Page, Request } from '@playwright/test';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { type Agent, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByKeyboard, openRequest } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let agent: Agent;
let wire: Tripwire;

test.beforeAll(async () => {
  [stack, wire] = await Promise.all([startStack(), startTripwire()]);
  await addReviewers(stack);
  agent = await connectAgent(stack, { name: 'parrot' });
});
test.afterAll(async () => {
  await agent?.close();
  await Promise.all([stack?.stop(), wire?.close()]);
});

test('pictures and links in a result are fetched by nobody: neither the browser nor the server calls (T31, U04)', async ({
  browse,
}) => {
  const home = `http://127.0.0.1:${wire.port}`;
  const text = `![seen](${home}/a.png) [more][1] <img src="${home}/b.png">\n[1]: ${home}/c "preview"\n${home}/d`;
  // The upstream answers with what it was sent: the result carries the links.
  expect(textOf(await agent.call('steps', { text }))).toContain(`${home}/a.png`);
  const call = await agent.hold('echo', { text });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await expect(ben.getByRole('article')).toContainText(`${home}/a.png`);
  await decideByKeyboard(ben, 'approve', text.replaceAll('\n', ' '));
  expect(textOf(await call.answer)).toContain(`${home}/a.png`);
  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/audit?call=${call.callId}`);
  await ana.getByRole('listitem').getByRole('button').first().click();
  await expect(ana.getByLabel('Exact text of the entry')).toBeVisible();
  expect(wire.connections(), 'nobody called home').toBe(0);
  await fetch(`${home}/alive`);
  expect(wire.connections(), 'and somebody would have been heard').toBe(1);
});

/** The page of somebody else, on the same host: to a browser that is the same site, so that our cookies go with it. */
function foreignPage(target: string, votes: string, body: string): string {
  const name = body.slice(0, -1).replaceAll('"', '&quot;');
  return `<!doctype html><title>Win a prize</title>
    <iframe id="lure" name="lure" src="${target}"></iframe>
    <form method="post" enctype="text/plain" action="${votes}" target="sink"><input name="${name},&quot;x&quot;:&quot;" value="&quot;}"></form>
    <iframe name="sink"></iframe>`;
}

/** Answers as the server does, without what tells the browser whom to trust. */
async function dropPolicies(page: Page): Promise<void> {
  await page.route(`${stack.consoleUrl}/approvals/**`, async (route) => {
    const answer = await route.fetch();
    const headers = answer.headers();
    for (const name of ['content-security-policy', 'x-frame-options', 'cross-origin-resource-policy']) {
      delete headers[name];
    }
    await route.fulfill({ response: answer, headers });
  });
}

test('another site neither frames the console, nor votes in somebody’s name, nor opens a socket (T36, T37, U05)', async ({
  browse,
  watch,
}) => {
  watch.expect(/a request to http:\/\/localhost|frame-ancestors|X-Frame-Options|status of 40\d|CORS|WebSocket|ERR_/i);
  const call = await agent.hold('echo', { framed: true });
  const target = `${stack.consoleUrl}/approvals/${call.requestId}`;
  const votes = `${stack.consoleUrl}/api/v1/approvals/${call.requestId}/votes`;
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  const { digest } = await (await ben.request.get(votes.replace(/\/votes$/, ''))).json();
  const vote = JSON.stringify({ decision: 'approve', digest });
  wire.reset();
  wire.answer = { status: 200, headers: { 'content-type': 'text/html' }, body: foreignPage(target, votes, vote) };
  const answered: number[] = [];
  ben.on('response', (response) => {
    if (response.url().startsWith(votes)) answered.push(response.status());
  });
  // What the browser keeps from the page that asked counts as failed, whatever the server did with it.
  const tried: string[] = [];
  const note = (request: Request) => {
    if (request.url().startsWith(votes)) tried.push(request.method());
  };
  ben.on('requestfinished', note);
  ben.on('requestfailed', note);

  const lure = `http://localhost:${wire.port}/`;
  await ben.goto(lure);
  await expect.poll(() => ben.frame({ name: 'lure' })?.url() ?? '').toMatch(/^chrome-error:/);
  await ben.evaluate(() => document.querySelector('form')?.submit());
  await ben.evaluate(
    async ([url, body]) => {
      const ways: readonly RequestInit[] = [
        { method: 'POST', mode: 'no-cors', body, headers: { 'content-type': 'text/plain' } },
        { method: 'POST', mode: 'cors', body, headers: { 'content-type': 'application/json' } },
        { method: 'GET', mode: 'no-cors' },
      ];
      for (const way of ways) await fetch(url, { ...way, credentials: 'include' }).catch(() => null);
    },
    [votes, vote] as const,
  );
  await expect.poll(() => tried.length).toBeGreaterThanOrEqual(3);
  expect(answered.filter((status) => status < 400)).toEqual([]);
  const socket = `${stack.consoleUrl.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const opens = (page: Page) =>
    page.evaluate(
      (url) =>
        new Promise<string>((done) => {
          const line = new WebSocket(url);
          line.onopen = () => done('open');
          line.onerror = () => done('refused');
        }),
      socket,
    );
  expect(await opens(ben)).toBe('refused');
  expect(await stack.prisma.vote.count({ where: { requestId: call.requestId } })).toBe(0);

  // The same without the guards: it is they who refuse, not the way it was tried.
  await dropPolicies(ben);
  await ben.goto(lure);
  await expect(ben.frameLocator('#lure').getByRole('article')).toContainText('framed');
  await ben.unrouteAll({ behavior: 'ignoreErrors' });
  await ben.goto(target);
  expect(await opens(ben), 'from our own page it opens').toBe('open');
  await decideByKeyboard(ben, 'deny', '');
  await expect.poll(() => answered.at(-1)).toBeLessThan(300);
});

/** What a script that got into the page would try next: write markup that runs, and run a text. */
async function tryToRun(page: Page): Promise<unknown> {
  await page.evaluate(() => {
    const attempts = [
      () => document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.owned = true">'),
      () => {
        const script = document.createElement('script');
        script.text = 'window.owned = true';
        document.body.append(script);
      },
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch {
        // Refused with an exception: Trusted Types.
      }
    }
  });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
  return page.evaluate(() => Reflect.get(window, 'owned') ?? false);
}

test('markup that reached a page would be refused by the browser: the policy is a second lock (T30)', async ({
  browse,
  watch,
}) => {
  // An answer that the test made comes from no address that Chromium knows: it lets no socket out of such a page.
  watch.expect(/Trusted|Content Security Policy|This document requires|LOCAL_NETWORK_ACCESS/);
  const call = await agent.hold('echo', { second: 'lock' });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  expect(await tryToRun(ben)).toBe(false);
  await dropPolicies(ben);
  await openRequest(ben, stack, call.requestId);
  expect(await tryToRun(ben), 'without the policy it runs').toBe(true);
  await ben.unrouteAll({ behavior: 'wait' });
  await decideByKeyboard(await openRequest(ben, stack, call.requestId), 'deny', '');
});
