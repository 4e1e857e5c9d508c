import type { ApprovalContext } from '#lib/contracts/approval-context.ts';

/** What the context says of one field. */
export type ArgNotes = {
  readonly report: ApprovalContext['inspection']['fields'][number] | null;
  readonly firstSeen: readonly ApprovalContext['firstSeen']['values'][number][];
  /** Rules whose condition names the field. */
  readonly namedBy: readonly string[];
};

/** The notes of a context by the path of their field. Fields of which nothing is said are not in it. */
export function notesByPath(context: ApprovalContext | null): ReadonlyMap<string, ArgNotes> {
  const notes = new Map<string, ArgNotes>();
  const add = (path: string, change: (old: ArgNotes) => ArgNotes) => {
    notes.set(path, change(notes.get(path) ?? { report: null, firstSeen: [], namedBy: [] }));
  };
  if (context === null) return notes;
  for (const report of context.inspection.fields) add(report.path, (old) => ({ ...old, report }));
  for (const one of context.firstSeen.values) add(one.path, (old) => ({ ...old, firstSeen: [...old.firstSeen, one] }));
  for (const rule of context.rules) {
    for (const { path } of rule.fields) {
      add(path, (old) => (old.namedBy.includes(rule.name) ? old : { ...old, namedBy: [...old.namedBy, rule.name] }));
    }
  }
  return notes;
}
