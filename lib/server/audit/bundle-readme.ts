// Server-only. What a stranger reads first who was handed a bundle.
import { toVisible } from '#lib/core/text/visible.ts';
import type { PublishedHead } from './read-head.ts';

type Told = { readonly of: string; readonly entries: number; readonly head: PublishedHead; readonly vkey: string };

/** The bundle's README: what lies in it, how to check it, and what it does not show. */
export function readmeOf({ of, entries, head, vkey }: Told): string {
  return `Evidence out of a Countersign audit log
=======================================

Of:          ${toVisible(of)}
Entries:     ${entries}, out of the first ${head.size} of the log
Head signed: ${head.at.toISOString()}

Check it, on any machine and without network:

    npx countersign verify <this file>.tar.gz --key log.pub

Take log.pub from where you got it before, not out of this bundle. The key in here says of itself:

    ${toVisible(vkey)}

What lies in it
    entries.ndjson   one entry a line: its number, its exact text, SHA-256(0x00 || text), and its path in the tree
    checkpoint       the signed head of the log (C2SP signed note)
    log.pub          the public key that the sender says is the log's
    manifest.json    what the evidence is of, who took it when, and the SHA-256 of every file

What it shows: each entry stands in the signed log, word for word, at its number. Of a session it shows besides that no
entry is missing from its first one to its last one in here.

What it does not show: that nothing else belongs to the case. Compare with an export of the whole log, or ask for one.
Arguments and results are not in it: entries hold commitments to them.
`;
}
