import Link from 'next/link';
import { Card } from '#components/ui/card.tsx';

/** Where each reader begins. The pages come with the installation, so they are those of this very version. */
const PAGES = [
  ['operators', 'Operators', 'Install, upgrade, back up, every variable'],
  ['users', 'Users', 'How calls are reviewed, and what each page is for'],
  ['security', 'Security', 'What is protected, against whom, and what is not'],
  ['audit', 'Audit', 'The log, exports, and how to verify them'],
  ['notifications', 'Notifications', 'Channels, quiet hours, on-call'],
  ['developers', 'Developers', 'Agents, the decision API, hooks'],
] as const;

/** What to read next. */
export function DocsCard() {
  return (
    <Card title="Documentation">
      <ul className="grid gap-1.5">
        {PAGES.map(([page, name, what]) => (
          <li key={page} className="flex flex-wrap gap-x-3">
            <Link className="link w-28" href={`/docs/${page}`}>
              {name}
            </Link>
            <span className="text-ink-2">{what}</span>
          </li>
        ))}
        <li className="flex flex-wrap gap-x-3">
          <a className="link w-28" href="/api/openapi.json">
            OpenAPI
          </a>
          <span className="text-ink-2">Every route of the console and of the decision API</span>
        </li>
      </ul>
    </Card>
  );
}
