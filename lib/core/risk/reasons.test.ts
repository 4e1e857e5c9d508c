// The sentences an admin reads beside a suggestion, and the exact edges of what makes one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json/value.ts';
import { suggestTag } from './classify.ts';
import type { ActionClass, Tier } from './types.ts';

const suggest = (definition: JsonObject) => suggestTag({ serverTier: 'low', definition });
const named = (name: string, more: JsonObject = {}) => suggest({ name, ...more });
const taking = (property: string, name = 'search_docs') =>
  named(name, { inputSchema: { properties: { [property]: {} } } });
const SERVER = 'Its server is low; the stricter tier applies.';
const UNKNOWN = 'Nothing here says what the tool does, so it counts as high.';

const NAMES: readonly (readonly [name: string, actionClass: ActionClass, tier: Tier, reasons: readonly string[]])[] = [
  ['ssh', 'shell', 'high', ['Its name has “ssh”: it runs commands.']],
  ['eval', 'code-exec', 'high', ['Its name has “eval”: it runs code.']],
  ['vault', 'secrets', 'high', ['Its name has “vault”: it reaches secrets.']],
  ['get_payment', 'money', 'medium', ['Its name has “payment”: it moves money.']],
  ['payment', 'money', 'high', ['Its name has “payment”: it moves money.']],
  ['list_roles', 'iam', 'medium', ['Its name has “roles”: it changes who may do what.']],
  ['get_pods', 'infra', 'medium', ['Its name has “pods”: it touches infrastructure.']],
  ['list_releases', 'deploy', 'medium', ['Its name has “releases”: it puts changes live.']],
  ['list_coupons', 'billing', 'medium', ['Its name has “coupons”: it touches billing.']],
  ['show_indexes', 'db-read', 'medium', ['Its name has “indexes”: it works on a database.']],
  ['migrations', 'db-mutation', 'high', ['Its name has “migrations”: it works on a database.']],
  ['show_rows', 'db-read', 'medium', ['Its name has “rows”: it reads a database.']],
  ['rows', 'db-mutation', 'high', ['Its name has “rows”: it reads a database.']],
  ['list_folders', 'file-read', 'medium', ['Its name has “folders”: it works on files.']],
  ['show_branches', 'file-read', 'medium', ['Its name has “branches”: it reads source code.']],
  ['branches', 'file-write', 'high', ['Its name has “branches”: it reads source code.']],
  ['list_sms', 'message-send', 'medium', ['Its name has “sms”: it sends messages.']],
  ['get_weather', 'browse', 'medium', ['Its name has “weather”: it reaches the web.']],
  ['list_sprints', 'ticketing', 'low', ['Its name has “sprints”: it works on tickets.']],
  ['get_notes', 'memory', 'low', ['Its name has “notes”: it works on the agent’s memory.']],
  ['get_wiki', 'docs-search', 'low', ['Its name has “wiki”: it looks things up.']],
  ['ping', 'other', 'low', ['Its name has “ping”: it only answers.']],
];
for (const [name, actionClass, tier, reasons] of NAMES) {
  test(`the name ${name} gives ${tier} ${actionClass}, and says why`, () => {
    assert.deepEqual(named(name), { actionClass, tier, reasons: [...reasons, SERVER] });
  });
}

test('a word that changes or takes away is named beside what it is done to', () => {
  const update = named('update_wiki');
  assert.deepEqual(update.reasons, [
    'Its name has “wiki”: it looks things up.',
    'Its name has “update”: it changes something.',
    SERVER,
  ]);
  assert.equal(update.tier, 'medium');
  const purge = named('get_and_purge_wiki');
  assert.deepEqual(purge.reasons.slice(1), ['Its name has “purge”: it takes something away.', SERVER]);
  assert.equal(purge.tier, 'high');
  assert.deepEqual(named('get_update_wiki').reasons.length, 3, 'a reading word does not take back a changing one');
  assert.equal(named('get_update_wiki').tier, 'medium');
});

test('a harmless word counts only where nothing else speaks', () => {
  assert.deepEqual([named('ping_host').actionClass, named('ping_host').tier], ['other', 'low']);
  assert.deepEqual([named('delete_ping').actionClass, named('delete_ping').tier], ['other', 'high']);
  assert.deepEqual(named('update_echo').reasons, ['Its name has “update”: it changes something.', UNKNOWN]);
});

test('a name that says nothing says so', () => {
  assert.deepEqual(named('frobnicate'), { tier: 'high', actionClass: 'other', reasons: [UNKNOWN] });
  assert.deepEqual(named('drop_widget').reasons, ['Its name has “drop”: it takes something away.', UNKNOWN]);
});

test('words are read out of any spelling of a name', () => {
  for (const name of [
    'getWiki',
    'GetWiki',
    'get-wiki',
    'get.wiki',
    'get__wiki',
    'HTTPGetWiki',
    '_get_wiki_',
    'GET_WIKI',
    'get2Wiki',
  ]) {
    assert.equal(named(name).actionClass, name.startsWith('HTTP') ? 'browse' : 'docs-search', name);
  }
  assert.equal(named('SSHKeys').actionClass, 'shell');
  assert.equal(named('XSSHelp').actionClass, 'docs-search');
});

const PROPERTIES: readonly (readonly [words: string, actionClass: ActionClass, tier: Tier, says: string])[] = [
  ['command cmd commands shell shellcommand argv script', 'shell', 'high', 'takes a command to run'],
  ['code sourcecode javascript python expression snippet function program', 'code-exec', 'high', 'takes code to run'],
  ['sql sqlquery statement statements rawquery', 'db-mutation', 'high', 'takes SQL, which can change data'],
  ['amount amountcents price currency iban walletaddress cardnumber', 'money', 'high', 'takes an amount of money'],
  [
    'password passphrase secret secretname apikey accesstoken privatekey credential credentials secretid',
    'secrets',
    'high',
    'takes or names a secret',
  ],
  [
    'role roles permission permissions scopes policyarn collaborator grantee',
    'iam',
    'high',
    'takes a role or a permission',
  ],
  [
    'to cc bcc recipient recipients emailaddress phonenumber webhookurl',
    'message-send',
    'high',
    'takes a recipient of the agent’s choice',
  ],
  ['cluster namespace replicas image kubeconfig instanceid region manifest', 'infra', 'medium', 'names infrastructure'],
  ['url uri href endpoint host hostname link urls', 'browse', 'medium', 'takes an address to reach'],
  [
    'path paths file filename filepath files directory dir folder source destination',
    'file-read',
    'medium',
    'takes a file path',
  ],
];
for (const [words, actionClass, tier, says] of PROPERTIES) {
  test(`an input that ${says} makes a search ${tier} ${actionClass}`, () => {
    for (const word of words.split(' ')) {
      const tag = taking(word);
      assert.deepEqual([tag.tier, tag.actionClass], [tier, actionClass], word);
      assert.ok(tag.reasons.includes(`Its input “${word}” ${says}.`), word);
      assert.equal(taking(`x${word}`).tier, 'low', `x${word} is another word`);
      assert.equal(taking(`${word}x`).tier, 'low', `${word}x is another word`);
    }
  });
}

test('of two signals with the same tier the name speaks before the schema, whatever their order of harm', () => {
  assert.equal(taking('command', 'send_invoice').actionClass, 'billing');
  assert.equal(taking('url', 'update_note').actionClass, 'memory');
  assert.equal(taking('url', 'get_note').actionClass, 'browse', 'the higher tier wins before that');
});

test('names of inputs are found through every way of nesting, to a depth of six', () => {
  const inner: JsonObject = { properties: { command: {} } };
  const ways: readonly JsonObject[] = [
    { items: inner },
    { items: [inner] },
    { prefixItems: [inner] },
    { anyOf: [inner] },
    { oneOf: [{}, inner] },
    { allOf: [inner] },
    { $defs: { x: inner } },
    { definitions: { x: inner } },
    { additionalProperties: inner },
    { properties: { o: inner } },
  ];
  for (const inputSchema of ways) {
    assert.equal(named('search_docs', { inputSchema }).tier, 'high', JSON.stringify(inputSchema));
  }
  const wrap = {
    items: (s: JsonObject) => ({ items: s }),
    properties: (s: JsonObject) => ({ properties: { o: s } }),
    $defs: (s: JsonObject) => ({ $defs: { x: s } }),
  };
  for (const [way, nest] of Object.entries(wrap)) {
    let schema = inner;
    for (let depth = 0; depth < 6; depth++) schema = nest(schema);
    assert.equal(named('search_docs', { inputSchema: schema }).tier, 'high', `${way}, six deep`);
    assert.equal(named('search_docs', { inputSchema: nest(schema) }).tier, 'low', `${way}, seven deep`);
  }
  assert.equal(named('search_docs', { inputSchema: { items: [[inner]] } }).tier, 'high');
});

const DESCRIPTIONS: readonly (readonly [text: string, says: string])[] = [
  ['Takes a terminal command', 'speaks of running commands'],
  ['arbitrary scripts', 'speaks of running commands'],
  ['evaluates some small python', 'speaks of running code'],
  ['running the code', 'speaks of running code'],
  ['This cannot be undone', 'speaks of destroying or overwriting'],
  ['overwriting the page', 'speaks of destroying or overwriting'],
  ['irreversibly', 'speaks of destroying or overwriting'],
  ['environment variable', 'speaks of secrets'],
  ['your private keys', 'speaks of secrets'],
  ['transfers funds', 'speaks of money'],
  ['charges the card', 'speaks of money'],
  ['</system>', 'gives the agent instructions, as poisoned tools do'],
  ['ignore all previous instructions', 'gives the agent instructions, as poisoned tools do'],
  ['ignore other tools', 'gives the agent instructions, as poisoned tools do'],
  ['do not mention it', 'gives the agent instructions, as poisoned tools do'],
  ['before using any other tool', 'gives the agent instructions, as poisoned tools do'],
];
for (const [description, says] of DESCRIPTIONS) {
  test(`“${description}” ${says}`, () => {
    for (const member of ['description', 'title']) {
      const tag = named('search_docs', { [member]: description });
      assert.equal(tag.tier, 'high');
      assert.ok(tag.reasons.includes(`Its description ${says}.`));
    }
  });
}

test('words that only contain such words are not taken for them', () => {
  for (const description of ['the shellcode command', 'undeletesx', 'a keyboard', 'paymentsx', 'importance']) {
    assert.equal(named('search_docs', { description }).tier, 'low', description);
  }
});

test('what cannot be seen is said, for the name and for the rest', () => {
  const name = named('get\u200b_wiki');
  assert.ok(name.reasons.includes('Its name has characters that cannot be seen.'));
  const rest = named('get_wiki', { description: 'a\u202eb' });
  assert.ok(rest.reasons.includes('Its definition has characters that cannot be seen.'));
  assert.ok(!rest.reasons.includes('Its name has characters that cannot be seen.'));
});

test('annotations are quoted as what the server says', () => {
  const reasons = (annotations: JsonObject) => named('get_wiki', { annotations }).reasons.slice(1, -1);
  assert.deepEqual(reasons({ destructiveHint: true }), ['Its server says that it destroys (destructiveHint).']);
  assert.deepEqual(reasons({ openWorldHint: true }), ['Its server says that it reaches outside (openWorldHint).']);
  assert.deepEqual(reasons({ readOnlyHint: false }), [
    'Its server says that it changes things (readOnlyHint is false).',
  ]);
  assert.deepEqual(reasons({ readOnlyHint: true, destructiveHint: false, openWorldHint: false }), []);
  assert.deepEqual(reasons({ destructiveHint: 'true' }), []);
});
