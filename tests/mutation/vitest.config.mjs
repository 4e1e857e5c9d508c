// How the mutation run reads the tests of one room: they are written for node:test and stay so.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const room = process.env.CS_MUTATE_ROOM ?? '*';
/** Rooms whose parts need a parser, which only the server may load: their tests stand beside it. */
const ELSEWHERE = { inspect: ['lib/server/inspect/*.test.ts'] };

export default defineConfig({
  resolve: { alias: { 'node:test': fileURLToPath(new URL('./node-test.ts', import.meta.url)) } },
  test: { include: [`lib/core/${room}/**/*.test.ts`, ...(ELSEWHERE[room] ?? [])], testTimeout: 60_000 },
});
