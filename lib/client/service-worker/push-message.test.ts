import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeOf, pathOf } from './push-message.ts';

const ID = '01900000-0000-7000-8000-000000000001';

test('a request is told with its tier and title, and a click leads to it', () => {
  const notice = noticeOf(
    JSON.stringify({ id: ID, tier: 'high', title: 'shell on files', url: 'https://evil.example/' }),
  );
  assert.deepEqual(notice, {
    title: 'shell on files',
    body: 'High tier. Open to decide.',
    tag: ID,
    requestId: ID,
    urgent: true,
  });
  assert.equal(pathOf(notice.requestId), `/approvals/${ID}`);
});

test('no address of a payload is ever followed', () => {
  for (const id of [
    'https://evil.example',
    '//evil.example',
    '../sign-in?next=x',
    `${ID}/../../x`,
    `${ID}\n`,
    7,
    null,
    {},
  ]) {
    assert.equal(pathOf(id), '/approvals', String(id));
    const notice = noticeOf(JSON.stringify({ id, url: 'https://evil.example', tier: 'high' }));
    assert.equal(pathOf(notice.requestId), '/approvals');
  }
});

test('news of a stop or of security is no request: a click leads to no page of one', () => {
  for (const tier of [null, undefined, 'none']) {
    const notice = noticeOf(JSON.stringify({ id: ID, tier, title: 'Kill switch on: everything' }));
    assert.deepEqual([pathOf(notice.requestId), notice.tag], ['/approvals', ID], 'its id is the message’s own');
  }
});

test('a payload that cannot be read is shown without detail', () => {
  for (const payload of [null, '', 'x', '[]', '7', 'null', '{"title":{}}', '{"tier":"none"}']) {
    const notice = noticeOf(payload);
    assert.deepEqual([notice.title, notice.body], ['Countersign', 'Open the console to see.'], String(payload));
  }
});

test('what a notification would apply and nobody would see is left out of the title, and a long one is cut', () => {
  assert.equal(noticeOf(JSON.stringify({ title: 'a\u202Eb\u200Bc\nd\u2028e\u{E0041}' })).title, 'abcde');
  assert.equal(noticeOf(JSON.stringify({ title: 'x'.repeat(500) })).title.length, 120);
});
