// The text of docs/errors.md, from the table of codes and what is known about each.
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import { BROWSER_CODES, GROUPS, NOTES } from './error-notes.ts';

const HEAD = `# Errors and what to do

For everybody. Whatever Countersign refuses carries a **code**: in the console under the message, in an agent's tool result as \`code\`, in the
API as \`code\` of an RFC 9457 problem, on the command line after the next step. Each has a place here; the console links to it. *Nothing ran* unless
the text says that it may have.

This page is written from the program's own table by \`node scripts/write-errors.ts\`; a test compares the two.`;

const codes = Object.keys(PROBLEMS) as readonly ProblemCode[]; // the keys of the table, and nothing else

/** The whole page. */
export function errorPage(): string {
  const sections = GROUPS.map(([group, title, intro]) => {
    const rows = codes.filter((code) => (NOTES[code]?.group ?? 'installation') === group);
    return [`## ${title}`, intro, ...rows.map(entryOf)].join('\n\n');
  });
  const own = BROWSER_CODES.map(({ code, title, why, next }) => `### \`${code}\`\n\n**${title}.** ${why}\n\n→ ${next}`);
  return `${[HEAD, ...sections, '## In the browser', 'What the console says by itself, when no answer came.', ...own].join('\n\n')}\n`;
}

function entryOf(code: ProblemCode): string {
  const { title, next, status, rpc } = PROBLEMS[code];
  const why = NOTES[code]?.why;
  const head = `**${title}.**${why === undefined ? '' : ` ${why}`}`;
  return [`### \`${code}\``, head, `→ ${next} (HTTP ${status}, JSON-RPC ${rpc})`].join('\n\n');
}
