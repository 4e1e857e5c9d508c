// Runs in the browser before any other code of ours.
import { z } from 'zod';

// zod tries `new Function` when the first object schema is made. The console's policy forbids it, rightly, and the
// browser would report a violation on every page; schemas are small here, and interpreting them costs nothing one feels.
z.config({ jitless: true });
