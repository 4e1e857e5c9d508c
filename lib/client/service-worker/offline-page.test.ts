import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetsOf, fontsOf, isKeptPath, keptPage } from './offline-page.ts';

const HTML = `<html><head><link rel="stylesheet" href="/_next/static/chunks/a.css?dpl=1"/><link rel="preload" as="script" href="/_next/static/chunks/b.js"/>
<link rel="preload" href="/_next/static/media/g.woff2" as="font"/><script src="/_next/static/chunks/b.js" async=""></script></head>
<body><h1>Away</h1><script>self.__next_f.push([1,"secret"])</script></body></html>`;

test('styles and fonts of the page are kept, scripts are not', () => {
  assert.deepEqual(assetsOf(HTML), ['/_next/static/chunks/a.css?dpl=1', '/_next/static/media/g.woff2']);
});

test('fonts of a style sheet are found wherever it lies', () => {
  const css =
    '@font-face{src:url(../media/g.woff2) format("woff2")} @font-face{src:url("/_next/static/media/m.woff2")}';
  assert.deepEqual(fontsOf(css, '/_next/static/chunks/a.css'), [
    '/_next/static/media/g.woff2',
    '/_next/static/media/m.woff2',
  ]);
});

test('the kept page has no script but the one that asks for the server, and names only kept assets', () => {
  const { html, policy } = keptPage(HTML);
  assert.deepEqual(html.match(/<script\b[^>]*>/g), ['<script src="/offline/offline-retry.js" defer>']);
  assert.ok(!html.includes('secret') && !html.includes('as="script"') && html.includes('<h1>Away</h1>'));
  assert.deepEqual(html.match(/["'(]\/_next/g), null);
  assert.match(policy, /default-src 'none'/);
});

test('nothing of an ordinary page is a kept asset', () => {
  assert.ok(isKeptPath('/offline/_next/static/chunks/a.css'));
  for (const path of ['/offline', '/_next/static/chunks/a.css', '/api/v1/approvals', '/approvals/offline/x']) {
    assert.equal(isKeptPath(path), false, path);
  }
});
