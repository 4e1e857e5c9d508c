import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROTATE_LOGS = `// Keeps the newest entries of a service's release log.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const [service, , keep] = process.argv.slice(2);
const file = \`releases/\${service}.log\`;
const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\\n') : [];
if (lines.length > 0) writeFileSync(file, \`\${lines.slice(-Number(keep)).join('\\n')}\\n\`);
console.log(\`kept \${Math.min(lines.length, Number(keep))} of \${lines.length}\`);
`;

const deployment = (service: string, image: string) =>
  `service: ${service}\nimage: registry.example.com/${service}:${image}\nreplicas: 3\nenvironment: production\n`;

const FILES: Readonly<Record<string, string>> = {
  'services/checkout-api/deploy.yaml': deployment('checkout-api', '2.9.4'),
  'services/billing-worker/deploy.yaml': deployment('billing-worker', '1.31.0'),
  'services/search-index/deploy.yaml': deployment('search-index', '0.18.2'),
  'tickets/OPS-4212.md': '# OPS-4212: raise the rate limit of checkout-api\n\nAsked for by the shop team.\n',
  'tickets/OPS-4213.md': '# OPS-4213: logs of billing-worker fill the disk\n\nSeen on Monday and again on Thursday.\n',
  'docs/runbook.md': '# Runbook\n\n1. Look at the dashboard.\n2. Roll back before you debug.\n',
  'archive/README.md': '# Archive\n\nOld weeks go here.\n',
  'scripts/rotate-logs.js': ROTATE_LOGS,
  'releases/README.md': '# Releases\n\nOne log for each service.\n',
  'package.json': '{ "name": "demo-workspace", "private": true, "type": "module" }\n',
};

/** Fills the scratch folder with what is missing, and answers its path. */
export function makeWorkspace(dataDir: string): string {
  const folder = join(dataDir, 'workspace');
  for (const [name, content] of Object.entries(FILES)) {
    const path = join(folder, name);
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, content, { mode: 0o600 });
    }
  }
  return folder;
}
