import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { Numbers } from './csv-button.tsx';

/** The numbers of a chart behind a fold: the same for everybody who reads rather than looks. */
export function NumbersFold({ caption, numbers }: { readonly caption: string; readonly numbers: Numbers }) {
  return (
    <details className="group mt-2 border-t pt-1.5">
      <summary className="w-fit cursor-pointer rounded-sm py-1 text-ink-3 text-xs hover:text-ink">
        Numbers<span className="sr-only">: {caption}</span>
      </summary>
      <div className="mt-1 max-h-72 overflow-y-auto">
        <Table caption={caption}>
          <thead>
            <tr>
              {numbers.header.map((name, i) => (
                <Th key={name} className={i === 0 ? undefined : 'text-right'}>
                  {name}
                </Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {numbers.rows.map((row) => (
              <Tr key={row.join(' ')}>
                {row.map((cell, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a row's cells never move
                  <Td key={i} className={i === 0 ? undefined : 'tabular text-right'}>
                    {typeof cell === 'string' ? <SafeText text={cell} /> : (cell ?? '\u2013')}
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  );
}
