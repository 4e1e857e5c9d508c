// The upstream of the benchmarks, in a process of its own. Prints its URL.
import { startEchoUpstream } from '#tests/fakes/echo-upstream.ts';

const upstream = await startEchoUpstream();
process.stdout.write(`${upstream.url}\n`);
