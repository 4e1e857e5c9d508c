import { Card } from '#components/ui/card.tsx';

/** Where each reader begins. The files lie in the installation, so they are the ones of this very version. */
const PAGES = [
  ['operators.md', 'Install, upgrade, back up, every variable'],
  ['security.md', 'What is protected, against whom, and what is not'],
  ['audit.md', 'The log, exports, and how to verify them'],
  ['notifications.md', 'Channels, quiet hours, on-call'],
  ['developers.md', 'Agents, the decision API, hooks'],
] as const;

/** What to read next. */
export function DocsCard() {
  return (
    <Card title="Documentation">
      <ul className="grid gap-1.5">
        {PAGES.map(([file, what]) => (
          <li key={file} className="flex flex-wrap gap-x-3">
            <code className="w-36 text-xs leading-5">docs/{file}</code>
            <span className="text-ink-2">{what}</span>
          </li>
        ))}
        <li className="flex flex-wrap gap-x-3">
          <a className="link w-36" href="/api/openapi.json">
            OpenAPI
          </a>
          <span className="text-ink-2">Every route of the console and of the decision API</span>
        </li>
      </ul>
    </Card>
  );
}
