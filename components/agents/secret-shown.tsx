import { Notice } from '#components/ui/notice.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';

/** An agent's id and secret, right after they were made. */
export function SecretShown({
  secret,
}: {
  readonly secret: { readonly clientId: string; readonly clientSecret: string };
}) {
  return (
    <div className="grid gap-4">
      <Notice tone="warning" role="status" title="The secret is shown this once">
        <p>Put it where the agent reads its secrets. If it is lost, rotate it: nobody can look it up.</p>
      </Notice>
      <SecretOnce label="Client id" value={secret.clientId} />
      <SecretOnce label="Client secret" value={secret.clientSecret} />
    </div>
  );
}
