// Writes docs/errors.md anew after a change of lib/contracts/problems.ts.
import { writeFileSync } from 'node:fs';
import { errorPage } from './error-pages.ts';

writeFileSync('docs/errors.md', errorPage());
