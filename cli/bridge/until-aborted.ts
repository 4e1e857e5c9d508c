/** The items of a stream, until there are none or the signal says to stop reading; what is pending is left behind. */
export async function* untilAborted<T>(items: AsyncGenerator<T>, signal: AbortSignal): AsyncGenerator<T> {
  const stopped = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  for (;;) {
    const next = await Promise.race([items.next(), stopped]);
    if (next === null || next.done === true) return;
    yield next.value;
  }
}
