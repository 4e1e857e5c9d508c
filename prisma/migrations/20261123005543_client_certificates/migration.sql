-- A server may have a client certificate beside what is sent to it: one live credential for each of the two purposes.
ALTER TABLE "credentials" DROP CONSTRAINT "credentials_kind";
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_kind" CHECK ("kind" IN (
    'bearer', 'header', 'env', 'basic', 'oauth-client-credentials', 'token-exchange', 'client-certificate'));
-- A certificate says itself when it ends.
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_certificate_end" CHECK ("kind" <> 'client-certificate' OR "ends_at" IS NOT NULL);
DROP INDEX "credentials_one_per_server";
CREATE UNIQUE INDEX "credentials_one_per_server" ON "credentials" ("server_id", ("kind" = 'client-certificate')) WHERE "retired_at" IS NULL;
