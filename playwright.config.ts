import { defineConfig } from '@playwright/test';

/** Flags that keep a browser under test from talking to anybody but us. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  fullyParallel: false,
  // Each file has an installation of its own; two at a time keep two cores busy, one at a time waits for half of the time.
  workers: 2,
  // A second try gets a browser and a stack of its own, is listed as flaky, and only a few are let pass (ADR 0017).
  retries: 1,
  forbidOnly: true,
  timeout: 60_000,
  // A machine that runs three processes, PostgreSQL and Chromium on two cores is slow at times; a condition is not.
  expect: { timeout: 10_000 },
  // One picture for all: whether it may be compared here is judged by the spec that has it.
  snapshotPathTemplate: '{testDir}/__snapshots__/{arg}{ext}',
  reporter: 'list',
  use: {
    headless: true,
    // Recording every test costs a core; the second try of one that failed is recorded.
    trace: 'on-first-retry',
    launchOptions: {
      ...(process.env.CS_CHROMIUM === undefined ? {} : { executablePath: process.env.CS_CHROMIUM }),
      // Chromium's sandbox does not start as root, which is what containers run as.
      args: isRoot ? [...QUIET, '--no-sandbox'] : QUIET,
    },
  },
});
