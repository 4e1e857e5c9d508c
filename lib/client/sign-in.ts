import { z } from 'zod';
import { PROBLEMS, type Problem, type ProblemCode, problem } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { askPasskey } from './passkey.ts';

const csrfSchema = z.object({ csrfToken: z.string() });
const answerSchema = z.object({ url: z.string() });

/** Proves a password; on success the browser holds the session cookie and the next page load is signed in. */
export async function signIn(input: {
  readonly email: string;
  readonly password: string;
}): Promise<Result<Record<string, never>, Problem>> {
  return judge(await post('/api/auth/callback/credentials', input));
}

/** Asks for a passkey and signs in whoever it belongs to. */
export async function signInByPasskey(): Promise<Result<Record<string, never>, Problem>> {
  const asked = await askPasskey('/api/v1/sign-in/passkey/options', {});
  if (!asked.ok) return asked;
  return judge(await post('/api/auth/callback/passkey', { assertion: JSON.stringify(asked.value) }));
}

function judge(answer: Result<AuthAnswer, Problem>): Result<Record<string, never>, Problem> {
  if (!answer.ok) return answer;
  // Without its CSRF cookie next-auth answers 200 and points to its sign-in page.
  if (answer.value.url.includes('csrf=true')) return err(problem('not-ready', 'The browser did not keep a cookie.'));
  return answer.value.status === 200 ? ok({}) : err(problemOfAnswer(answer.value));
}

/** Ends the session: its row is revoked, so that a copy of the cookie is worthless too. */
export async function signOut(): Promise<Result<Record<string, never>, Problem>> {
  const answer = await post('/api/auth/signout', {});
  return answer.ok ? ok({}) : answer;
}

type AuthAnswer = { readonly status: number; readonly url: string };

async function post(path: string, fields: Readonly<Record<string, string>>): Promise<Result<AuthAnswer, Problem>> {
  try {
    const csrf = csrfSchema.parse(await (await fetch('/api/auth/csrf', { cache: 'no-store' })).json());
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...fields, csrfToken: csrf.csrfToken, json: 'true' }),
      cache: 'no-store',
    });
    const body = answerSchema.safeParse(await response.json());
    return ok({ status: response.status, url: body.success ? body.data.url : '' });
  } catch {
    return err(problem('not-ready', 'The console did not answer.'));
  }
}

/** next-auth puts the reason into the `error` parameter of the page it would have sent the browser to. */
function problemOfAnswer(answer: AuthAnswer): Problem {
  const text = URL.canParse(answer.url, location.origin)
    ? new URL(answer.url, location.origin).searchParams.get('error')
    : null;
  const code = text !== null && isProblemCode(text) ? text : 'not-signed-in';
  return code === 'not-signed-in' ? problem(code, 'E-mail or password is wrong.') : problem(code);
}

function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}
