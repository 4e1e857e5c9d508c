// The contracts mean the same in the browser, where a small engine stands for zod (ADR 0021).
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { build } from 'esbuild';
import fc from 'fast-check';
import { sampleApproval } from '#components/approvals/sample-approval.ts';

type Schema = { readonly safeParse: (value: unknown) => { readonly success: boolean; readonly data?: unknown } };
type Contracts = ReadonlyMap<string, Schema>;

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'safeParse' in value && typeof value.safeParse === 'function';
}

/** Every schema that contracts export, with the whole library or with what stands for it in the browser. */
async function contractsWith(zod: string): Promise<Contracts> {
  const files = globSync('lib/contracts/*.ts').filter(
    (file) => !/\.test\.ts$|openapi|zod-in-browser|routes/.test(file),
  );
  const { outputFiles } = await build({
    stdin: {
      contents: files.map((file, n) => `export * as file${n} from './${file}';`).join('\n'),
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    plugins: [
      {
        name: 'zod',
        setup: ({ onResolve, resolve }) => {
          onResolve({ filter: /^zod$/ }, ({ pluginData, resolveDir }) =>
            pluginData === 'resolved'
              ? undefined
              : resolve(zod, { kind: 'import-statement', resolveDir, pluginData: 'resolved' }),
          );
        },
      },
    ],
  });
  const code = outputFiles[0]?.text ?? '';
  const modules: unknown = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
  const found = new Map<string, Schema>();
  for (const [file, exported] of Object.entries(modules ?? {})) {
    for (const [name, value] of Object.entries(exported ?? {}))
      if (isSchema(value)) found.set(`${file}.${name}`, value);
  }
  return found;
}

const TEXTS = [
  '',
  'a',
  'pending',
  'high',
  'x'.repeat(600),
  '2026-11-22T14:00:00.000Z',
  'https://example.com/mcp',
  'ana@example.com',
];
const ID = '01900000-0000-7000-8000-000000000000';
/** Answers as the server gives them, whole and with one member gone or of another kind. */
function* spoiled(value: object): Generator<unknown> {
  yield value;
  for (const name of Object.keys(value)) {
    const { [name]: _, ...rest } = Object.fromEntries(Object.entries(value));
    yield rest;
    for (const other of [null, 7, -1, 1.5, '', [], {}, true, ID]) yield { ...rest, [name]: other };
  }
  yield { ...value, stranger: 1 };
}

describe('the contracts in the browser', () => {
  let whole: Contracts;
  let small: Contracts;
  before(async () => {
    whole = await contractsWith('zod');
    small = await contractsWith('#lib/contracts/zod-in-browser.ts');
  });
  const same = (value: unknown) => {
    for (const [name, schema] of whole) {
      const [there, here] = [schema.safeParse(value), small.get(name)?.safeParse(value)];
      assert.equal(here?.success, there.success, `${name} of ${JSON.stringify(value)?.slice(0, 200)}`);
      assert.deepEqual(here?.data, there.data, name);
    }
  };

  it('are all there', () => {
    assert.deepEqual([...small.keys()].sort(), [...whole.keys()].sort());
    assert.ok(whole.size > 100, `${whole.size} schemas`);
  });
  it('take and refuse the same texts, numbers and lists', () => {
    for (const value of [
      ...TEXTS,
      ...TEXTS.map((text) => [text]),
      ID,
      0,
      1,
      -1,
      2.5,
      1e9,
      null,
      undefined,
      true,
      [],
      {},
    ]) {
      same(value);
    }
  });
  it('take and refuse the same answers, also spoiled ones', () => {
    const record = sampleApproval();
    const page = { items: [record], nextCursor: null, serverTime: record.serverTime };
    for (const answer of [record, page, { topic: 'approval', id: ID, version: 3 }])
      for (const value of spoiled(answer)) same(value);
  });
  it('take and refuse the same of whatever else', () => {
    const member = fc.oneof(
      fc.constantFrom(...TEXTS, ID, null, 0, 5, -3, true),
      fc.string(),
      fc.integer(),
      fc.constant([]),
    );
    const names = fc.constantFrom(
      'kind',
      'name',
      'reason',
      'id',
      'version',
      'server',
      'tool',
      'scope',
      'on',
      'email',
      'items',
    );
    fc.assert(fc.property(fc.dictionary(names, member), same), { numRuns: 150 });
  });
});
