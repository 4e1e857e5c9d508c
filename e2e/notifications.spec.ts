import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page, Worker } from '@playwright/test';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { expect, test } from './fixtures/test.ts';

const ID = '01900000-0000-7000-8000-000000000001';

let stack: Stack;
let receiver: Server;
let port: number;
/** What the receiver answers, and what reached it. 410 is the one answer that is not tried again. */
let answer = 410;
const received: string[] = [];

test.beforeAll(async () => {
  receiver = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      received.push(body);
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  // Parse boundary: listening on a port, the address is an object.
  port = (receiver.address() as AddressInfo).port;
  stack = await startStack();
  await addReviewers(stack);
});
test.afterAll(async () => {
  await stack?.stop();
  receiver?.close();
});

test('a channel is added with its destination, tested, gives up on a refusal, and sends again by hand', async ({
  browse,
  watch,
}) => {
  watch.expect(/status of 409/);
  const page = await browse(stack, ANA);
  await page.goto(`${stack.consoleUrl}/settings/channels`);
  await page.getByRole('button', { name: 'Add a channel', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a channel' });
  await dialog.getByLabel('Kind').selectOption('webhook');
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`);
  await dialog.getByLabel('Why').fill('the pager listens there');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText(/127\.0\.0\.1\/32/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Add with these destinations' }).click();
  await expect(dialog.getByText(/^whsec_/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect(await page.content()).not.toContain('whsec_');

  const line = page.getByRole('list', { name: 'Channels' }).getByRole('listitem');
  await line.getByRole('button', { name: 'Test hook' }).click();
  await expect(line.getByRole('status')).toHaveText(/\S/);
  expect(received.length).toBe(1);

  const agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.hold('echo', { card: '4000-canary-0000' });
  const deliveries = page.getByRole('list', { name: 'Deliveries' });
  const again = deliveries.getByRole('button', { name: /^Send again/ });
  await expect(again.first()).toBeVisible({ timeout: 20_000 });
  await page.reload();
  await expect(line.getByText('1 given up')).toBeVisible();
  answer = 204;
  await again.first().click();
  await expect(deliveries.getByText('Delivered').first()).toBeVisible({ timeout: 15_000 });
  expect(received.join()).not.toContain('canary');
  await agent.vanish();
  await agent.close();
});

/** Opens the console, and waits until the service worker is in charge of the page. */
async function withWorker(context: BrowserContext, page: Page): Promise<Worker> {
  await page.goto(`${stack.consoleUrl}/approvals`);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  const worker = context.serviceWorkers()[0];
  if (worker === undefined) throw new Error('no service worker runs');
  return worker;
}

test('a push is shown with its tier, opens the request on our own origin, and nothing else', async ({ browse }) => {
  const page = await browse(stack, BEN);
  const context = page.context();
  await context.grantPermissions(['notifications'], { origin: stack.consoleUrl });
  const worker = await withWorker(context, page);
  const script = await page.request.get(`${stack.consoleUrl}/sw.js`);
  expect(script.headers()['cache-control']).toContain('no-cache');

  const devTools = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find((one) => one.scopeURL === `${stack.consoleUrl}/` && !one.isDeleted);
      if (ours !== undefined) resolve(ours.registrationId);
    });
  });
  await devTools.send('ServiceWorker.enable');
  const push = { id: ID, tier: 'high', title: 'files: shell\u202E', url: 'https://evil.example/' };
  const registrationId = await registered;
  const data = JSON.stringify(push);
  await devTools.send('ServiceWorker.deliverPushMessage', { origin: stack.consoleUrl, registrationId, data });
  const shown = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const [one] = await registration.getNotifications();
      return one === undefined ? null : { title: one.title, body: one.body, tag: one.tag };
    });
  await expect.poll(shown).toEqual({ title: 'files: shell', body: 'High tier. Open to decide.', tag: ID });

  // A click is a person's: here the event is sent by hand, and the window that it asks for is written down.
  const opened = await worker.evaluate(async () => {
    const asked: string[] = [];
    // Parse boundary: this runs in the worker, whose globals are not those of a page.
    const scope = globalThis as unknown as {
      clients: { openWindow: (url: string) => Promise<null> };
      registration: ServiceWorkerRegistration;
      NotificationEvent: new (type: string, init: object) => Event;
      dispatchEvent(event: Event): boolean;
    };
    scope.clients.openWindow = async (url) => {
      asked.push(url);
      return null;
    };
    const [notification] = await scope.registration.getNotifications();
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    return { asked, left: (await scope.registration.getNotifications()).length };
  });
  expect(opened).toEqual({ asked: [`${stack.consoleUrl}/approvals/${ID}`], left: 0 });
});

test('nothing with data is kept, and without the server a page says so and goes on by itself', async ({
  browse,
  watch,
}) => {
  watch.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket connection/);
  const page = await browse(stack, BEN);
  await withWorker(page.context(), page);
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const caught = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return caught.flat().map((request) => new URL(request.url).pathname);
  });
  expect(kept).toContain('/offline');
  expect(kept.filter((path) => path !== '/offline' && !path.startsWith('/offline/'))).toEqual([]);

  await page.context().setOffline(true);
  await page.goto(`${stack.consoleUrl}/audit`);
  await expect(page.getByRole('heading', { name: 'The console cannot be reached' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('offline.png') });
  expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain('Geist');
  await page.context().setOffline(false);
  await expect(page.getByRole('heading', { name: 'Audit' })).toBeVisible({ timeout: 15_000 });
});
