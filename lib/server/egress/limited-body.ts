/** What one answer may weigh: discovery and token endpoints send descriptions, not files. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Passes a body on until it grows past the limit; a hostile upstream must not fill the memory. */
export function limitedBody(
  body: AsyncIterable<Uint8Array<ArrayBuffer>> | null,
): ReadableStream<Uint8Array<ArrayBuffer>> | null {
  if (body === null) return null;
  const source = body[Symbol.asyncIterator]();
  let bytes = 0;
  return new ReadableStream({
    async pull(controller) {
      const next = await source.next();
      if (next.done === true) {
        controller.close();
        return;
      }
      bytes += next.value.byteLength;
      if (bytes > MAX_ANSWER_BYTES) {
        controller.error(new Error('the answer is too large'));
        await source.return?.();
        return;
      }
      controller.enqueue(next.value);
    },
    async cancel() {
      await source.return?.();
    },
  });
}
