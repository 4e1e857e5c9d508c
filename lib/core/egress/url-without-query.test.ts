import assert from 'node:assert/strict';
import { test } from 'node:test';
import { urlWithoutQuery } from './url-without-query.ts';

test('a key in the query string or fragment does not reach the log', () => {
  assert.equal(urlWithoutQuery('https://mcp.example.com/v1?key=s3cret'), 'https://mcp.example.com/v1?…');
  assert.equal(urlWithoutQuery('https://mcp.example.com/v1#s3cret'), 'https://mcp.example.com/v1?…');
});

test('a URL without a query stays as it is, and no URL stays none', () => {
  assert.equal(urlWithoutQuery('https://mcp.example.com/v1'), 'https://mcp.example.com/v1');
  assert.equal(urlWithoutQuery(null), null);
});
