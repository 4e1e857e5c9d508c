import { answerSlack } from '#lib/server/notifications/slack-interactivity.ts';
import { problemAnswer } from '#lib/web/problem.ts';
import { signedRoute } from '#lib/web/route.ts';

export const POST = signedRoute(async (body, { deps, header }) => {
  const signed = { body, signature: header('x-slack-signature'), timestamp: header('x-slack-request-timestamp') };
  const answer = await answerSlack({ ...deps, consoleUrl: deps.env.consoleUrl }, signed);
  return answer === null ? problemAnswer('not-signed-in', 'The signature is not Slack’s.') : Response.json(answer);
});
