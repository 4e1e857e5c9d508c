import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import type { PolicyDetail } from '#lib/contracts/policies.ts';
import { diffLines } from './diff-lines.ts';
import { RuleSentence } from './rule-item.tsx';
import { rulesAsYaml } from './rule-text.ts';

type Change = PolicyDetail['diff'][number];
const KINDS: Readonly<Record<Change['kind'], { readonly word: string; readonly tone: BadgeTone }>> = {
  added: { word: 'Added', tone: 'good' },
  removed: { word: 'Removed', tone: 'danger' },
  changed: { word: 'Changed', tone: 'accent' },
  moved: { word: 'Moved', tone: 'plain' },
};

/** Rule by rule against the base: in words, and line by line as the file has it. */
export function RuleDiff({ diff }: { readonly diff: readonly Change[] }) {
  return (
    <ul>
      {diff.map((change) => (
        <li key={`${change.kind} ${change.rule}`} className="grid gap-2 border-b px-3.5 py-2.5 last:border-b-0">
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone={KINDS[change.kind].tone}>{KINDS[change.kind].word}</Badge>
            <span className="font-semibold">{change.rule}</span>
          </p>
          {change.kind !== 'moved' && <Lines change={change} />}
          {change.after !== null && change.kind !== 'moved' && <RuleSentence rule={change.after} />}
        </li>
      ))}
    </ul>
  );
}

function textOf(rule: Change['before']): readonly string[] {
  // Without the heading `policies:` and the list's indentation.
  return rule === null
    ? []
    : rulesAsYaml([rule])
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.slice(4));
}

const MARKS = { same: ' ', gone: '−', new: '+' } as const;
const LOOKS = { same: 'text-ink-3', gone: 'bg-removed', new: 'bg-added' } as const;
const SPOKEN = { same: '', gone: 'before: ', new: 'now: ' } as const;

function Lines({ change }: { readonly change: Change }) {
  return (
    <div className="overflow-clip rounded-md border bg-sunken py-1 font-mono text-xs leading-relaxed">
      {diffLines(textOf(change.before), textOf(change.after)).map((line) => (
        <p key={`${line.kind} ${line.text}`} className={`flex gap-2 px-2 ${LOOKS[line.kind]}`}>
          <span aria-hidden="true" className="select-none">
            {MARKS[line.kind]}
          </span>
          <span className="sr-only">{SPOKEN[line.kind]}</span>
          <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">{line.text}</span>
        </p>
      ))}
    </div>
  );
}
