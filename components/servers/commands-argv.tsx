import { SafeText } from '#components/safe-text/safe-text.tsx';

/** An argument vector, one argument a line, each exactly as the program gets it; `other` marks where the two differ. */
export function Argv({
  argv,
  other,
  label,
}: {
  readonly argv: readonly string[];
  readonly other?: readonly string[] | null;
  readonly label: string;
}) {
  return (
    <ol aria-label={label} className="grid gap-0.5 rounded-md border bg-sunken px-2.5 py-2 font-mono text-xs">
      {argv.map((text, index) => {
        const differs = other !== undefined && other !== null && other[index] !== text;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an argument is its place in the list.
          <li key={index} className="flex gap-2 [overflow-wrap:anywhere]">
            <span className="tabular w-4 shrink-0 text-right text-ink-3">{index}</span>
            <SafeText text={text} className="min-w-0" />
            {differs && <span className="ml-auto shrink-0 font-sans font-semibold text-medium">other</span>}
          </li>
        );
      })}
    </ol>
  );
}
