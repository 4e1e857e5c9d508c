// What a page makes a browser download before it can be used, read from the build itself: no browser, no seconds.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { z } from 'zod';

const BUILD = '.next';
/** Compressed as it is sent; the framework alone takes 130 of them. */
const MOST_KIB = 180;
const rootSchema = z.object({ rootMainFiles: z.array(z.string()) });
const manifestSchema = z.record(z.string(), z.object({ entryJSFiles: z.record(z.string(), z.array(z.string())) }));

const sizes = new Map<string, number>();
function gzipped(file: string): number {
  const known = sizes.get(file) ?? gzipSync(readFileSync(join(BUILD, file))).length;
  sizes.set(file, known);
  return known;
}

/** Every route of the build with the kibibytes of script it begins with. */
function initialScripts(): readonly (readonly [string, number])[] {
  const { rootMainFiles } = rootSchema.parse(JSON.parse(readFileSync(join(BUILD, 'build-manifest.json'), 'utf8')));
  return globSync(join(BUILD, 'server/app/**/page_client-reference-manifest.js')).flatMap((path) => {
    const global: { __RSC_MANIFEST?: unknown } = {};
    runInNewContext(readFileSync(path, 'utf8'), { globalThis: global });
    return Object.entries(manifestSchema.parse(global.__RSC_MANIFEST)).map(([route, { entryJSFiles }]) => {
      const files = new Set([...rootMainFiles, ...Object.values(entryJSFiles).flat()]);
      return [route, [...files].reduce((sum, file) => sum + gzipped(file), 0) / 1024] as const;
    });
  });
}

test('no page of the console begins with more script than it may', () => {
  const routes = initialScripts().filter(([route]) => !route.startsWith('/(dev)'));
  expect(routes.length).toBeGreaterThan(20);
  expect(routes.filter(([, kib]) => kib > MOST_KIB)).toEqual([]);
});
