'use client';

import { Download } from 'lucide-react';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { cx } from '#components/ui/class-names.ts';
import { type Cell, toCsv } from '#lib/core/statistics/csv.ts';

/** The numbers of a figure as a table: for readers, for screen readers, and for a file. */
export type Numbers = { readonly header: readonly string[]; readonly rows: readonly (readonly Cell[])[] };

/** Hands the numbers over as a file. It is made in the browser from what is on the screen: nothing else leaves. */
export function CsvButton({ name, numbers }: { readonly name: string; readonly numbers: () => Numbers }) {
  const save = () => {
    const { header, rows } = numbers();
    // With its mark a spreadsheet reads the file as UTF-8; without it names would turn into other letters.
    const url = URL.createObjectURL(new Blob(['\uFEFF', toCsv(header, rows)], { type: 'text/csv;charset=utf-8' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `countersign-${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <button type="button" onClick={save} className={cx(buttonClasses('ghost', 'sm'), '-mr-2')}>
      <Download aria-hidden="true" className="size-3.5" />
      CSV
    </button>
  );
}
