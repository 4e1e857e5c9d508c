-- The certificate of a version that was rotated in, beside its key: the credential names the one in use.
ALTER TABLE "credential_secrets" ADD COLUMN "certificate" TEXT;
