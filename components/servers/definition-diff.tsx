import { SafeText } from '#components/safe-text/safe-text.tsx';
import type { Tool } from '#lib/contracts/servers.ts';

/** What changed between the accepted definition and the one the server shows now, by place. */
export function DefinitionDiff({ diff }: { readonly diff: Tool['diff'] }) {
  return (
    <section
      aria-label="Changes since it was accepted"
      className="overflow-clip rounded-lg border border-high-line bg-panel"
    >
      <h3 className="border-b px-3 py-1.5 font-semibold text-high text-xs">Changed since it was accepted</h3>
      {diff.length === 0 ? (
        <p className="px-3 py-2 text-ink-2">
          The server itself changed its address or command, so every tool must be accepted anew.
        </p>
      ) : (
        <ul className="max-h-96 overflow-y-auto">
          {diff.map((change) => (
            <li key={change.path} className="grid gap-1 border-b px-3 py-2 last:border-b-0">
              <SafeText
                text={change.path === '' ? 'whole definition' : change.path}
                as="code"
                className="text-ink-3 text-xs"
              />
              {change.before !== null && (
                <p className="rounded-sm bg-removed px-1.5 py-0.5 font-mono text-xs">
                  <span className="sr-only">before: </span>
                  <del className="no-underline">
                    <span aria-hidden="true">− </span>
                    <SafeText text={change.before} multiline />
                  </del>
                </p>
              )}
              {change.after !== null && (
                <p className="rounded-sm bg-added px-1.5 py-0.5 font-mono text-xs">
                  <span className="sr-only">now: </span>
                  <ins className="no-underline">
                    <span aria-hidden="true">+ </span>
                    <SafeText text={change.after} multiline />
                  </ins>
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
