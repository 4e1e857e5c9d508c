const ANSWER_WITHIN_MS = 2_000;

/** Whether a console or gateway says that it is alive. */
export async function isLive(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}
