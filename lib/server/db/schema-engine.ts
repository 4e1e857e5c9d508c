// Server-only. Prisma's schema engine in this process: no download, no second program, works behind a firewall.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const INTERNAL_CHAR_OID = 18;
const TEXT_OID = 25;
const CHARACTER = ColumnTypeEnum.Character;
let loaded = false;

/** The package's own entry imports the .wasm as a module, which Node does not do without a flag. */
function load(): void {
  if (loaded) {
    return;
  }
  const entry = fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const module = new WebAssembly.Module(readFileSync(join(dirname(entry), 'schema_engine_bg.wasm')));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': imports() });
  engine.__wbg_set_wasm(instance.exports);
  // The engine reports a panic through this global, then traps; without it the sentence would be lost.
  Object.defineProperty(globalThis, 'PRISMA_WASM_PANIC_REGISTRY', {
    value: {
      set_message: (message: string) => {
        throw new Error(`The schema engine gave up: ${message}`);
      },
    },
  });
  const start = instance.exports.__wbindgen_start;
  if (typeof start !== 'function') {
    throw new Error('The schema engine has no start function: its version does not fit.');
  }
  start();
  loaded = true;
}

/** The engine's own imports; its lock timeout of 10 s, never cleared, must not keep a finished process alive. */
function imports(): WebAssembly.ModuleImports {
  const all: WebAssembly.ModuleImports = { ...engine };
  for (const [name, original] of Object.entries(engine)) {
    if (name.startsWith('__wbg_setTimeout') && typeof original === 'function') {
      all[name] = (...args: unknown[]) => {
        const timer: unknown = Reflect.apply(original, undefined, args);
        if (timer instanceof Object && 'unref' in timer && typeof timer.unref === 'function') {
          timer.unref();
        }
        return timer;
      };
    }
  }
  return all;
}

/**
 * The adapter knows no mapping for PostgreSQL's internal one-byte "char", in which the catalogues state kinds of
 * constraints. The pool passes such columns off as text and remembers them; the adapter then names them characters.
 * One query at a time: the engine never overlaps its catalogue queries.
 */
class CatalogueAdapter extends PrismaPg {
  private readonly characters: { columns: readonly number[] };
  private readonly pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super(pool);
    this.pool = pool;
    this.characters = rememberCharacters(pool);
  }

  override async connect() {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      const { columns } = this.characters;
      const columnTypes = result.columnTypes.map((type, at) => (columns.includes(at) ? CHARACTER : type));
      return { ...result, columnTypes };
    };
    // The adapter cuts a script at every semicolon, also inside a function's body. The server takes it whole, and
    // then applies all of it or nothing.
    adapter.executeScript = async (script) => {
      await this.pool.query(script);
    };
    return adapter;
  }
}

function rememberCharacters(pool: pg.Pool): { columns: readonly number[] } {
  const remembered: { columns: readonly number[] } = { columns: [] };
  const query = pool.query.bind(pool);
  const patched = async (...args: Parameters<typeof query>) => {
    const result: unknown = await query(...args);
    if (typeof result === 'object' && result !== null && 'fields' in result && Array.isArray(result.fields)) {
      const fields: { dataTypeID: number }[] = result.fields;
      remembered.columns = fields.flatMap((field, at) => (field.dataTypeID === INTERNAL_CHAR_OID ? [at] : []));
      for (const at of remembered.columns) {
        fields[at] = { ...fields[at], dataTypeID: TEXT_OID };
      }
    }
    return result;
  };
  Object.defineProperty(pool, 'query', { value: patched });
  return remembered;
}

/** Runs work with a schema engine on the database, then closes what it opened. */
export async function withSchemaEngine<T>(
  url: string,
  schema: string,
  work: (schemaEngine: engine.SchemaEngine) => Promise<T>,
): Promise<T> {
  load();
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'countersign-migrate' });
  // An idle connection that the server closes is replaced at the next query, which reports what matters.
  pool.on('error', () => undefined);
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new CatalogueAdapter(pool));
    const schemaEngine = await engine.SchemaEngine.new(
      { datamodels: [['schema.prisma', schema]] },
      () => undefined,
      adapter,
    );
    try {
      return await work(schemaEngine);
    } finally {
      schemaEngine.free();
    }
  } finally {
    await pool.end();
  }
}
