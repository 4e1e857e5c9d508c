// The console's API, as a command line speaks to it.
import { z } from 'zod';
import { err, ok, type Result } from '#lib/core/result.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { EXIT, failed, type Outcome } from '../outcome.ts';

const problemSchema = z.object({ code: z.string(), detail: z.string(), next: z.string() });
const TIMEOUT_MS = 20_000;

/**
 * Sends one request and parses its answer; a refusal or silence becomes the outcome of the command.
 * Names the console's own origin, as every client that is no browser must, and follows no redirect: the token stays here.
 */
export async function askConsole<T>(
  at: { readonly consoleUrl: string; readonly token?: string },
  request: { readonly method: string; readonly path: string; readonly body?: unknown },
  shape: z.ZodType<T>,
): Promise<Result<T, Outcome>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(at.consoleUrl + request.path, {
      method: request.method,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        accept: 'application/json',
        origin: new URL(at.consoleUrl).origin,
        ...(at.token === undefined ? {} : { authorization: `Bearer ${at.token}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const text = await response.text();
    body = text === '' ? null : JSON.parse(text);
  } catch {
    return err(failed(EXIT.unreachable, 'unreachable', `No console answers at ${at.consoleUrl}.`));
  }
  if (!response.ok) {
    const problem = problemSchema.safeParse(body);
    if (!problem.success)
      return err(failed(EXIT.unreachable, 'unreachable', `No console answers at ${at.consoleUrl}.`));
    const exit = problem.data.code === 'not-signed-in' ? EXIT.notSignedIn : EXIT.refused;
    return err(failed(exit, problem.data.code, toVisible(problem.data.detail), toVisible(problem.data.next)));
  }
  const parsed = shape.safeParse(body);
  return parsed.success
    ? ok(parsed.data)
    : err(failed(EXIT.unreachable, 'answer-unreadable', 'The console answered in a form that is not known here.'));
}
