// Looks into what browsers download for names that only the server may know.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const BUNDLE = join('.next', 'static');
/** Names that appear only in server code. Minifiers keep strings and property names, so these survive a build. */
const SERVER_NAMES = [
  'DATABASE_URL',
  'MASTER_KEY_FILE',
  'COUNTERSIGN_DATA_DIR',
  'PrismaClient',
  'masterKey',
  'sessionSecret',
  'token-signing.jwk',
  'log-signing.jwk',
  'pg_advisory_lock',
  'audit_inbox',
  'clock_timestamp',
  'timingSafeEqual',
  'node:crypto',
  'node:fs',
];

if (!existsSync(BUNDLE)) {
  process.stdout.write(`There is no ${BUNDLE}: build first.\n`);
  process.exit(1);
}
const files = readdirSync(BUNDLE, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(js|css|map|json)$/.test(name),
);
const findings = files.flatMap((name) => {
  const text = readFileSync(join(BUNDLE, name), 'utf8');
  return SERVER_NAMES.flatMap((word) => (text.includes(word) ? [`${name} contains ${word}`] : []));
});
for (const finding of findings) {
  process.stdout.write(`${finding}\n`);
}
process.stdout.write(`${files.length} files of the browser bundle scanned, ${findings.length} server name(s) found.\n`);
process.exitCode = findings.length > 0 || files.length === 0 ? 1 : 0;
