import { toVisible } from '#lib/core/text/visible.ts';

/**
 * Rows as aligned columns. Cells may be text of agents and servers: what hides, reorders or repaints is made visible, so
 * that no name can steer the terminal.
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [header, ...rows.map((row) => row.map((cell) => toVisible(cell)))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A table, or a sentence where there is nothing to show. */
export function tableOr(
  nothing: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return rows.length === 0 ? [nothing] : table(header, rows);
}

/** A time as people at a host read it; the same everywhere, because logs and the console say UTC too. */
export function shortTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}
