-- Upstream credentials. One live credential per server; one version of it is current, at most one is next and one previous.
CREATE TABLE "credentials" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "server_id" UUID NOT NULL,
    "config_hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "migration_only" BOOLEAN NOT NULL,
    "personal_token" TEXT,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "ends_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),
    "rotated_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "rotation_error" TEXT,
    "overlap_minutes" INTEGER NOT NULL DEFAULT 10,
    "rotate_every_days" INTEGER,
    "next_rotation_at" TIMESTAMPTZ(3),
    "hook" JSONB,
    "hook_failures" INTEGER NOT NULL DEFAULT 0,
    "reminded_days" INTEGER,
    "rotation_id" UUID,
    "rotation_until" TIMESTAMPTZ(3),
    CONSTRAINT "credentials_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "credentials_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "credentials_kind" CHECK ("kind" IN ('bearer', 'header', 'env', 'basic', 'oauth-client-credentials', 'token-exchange')),
    -- The 90 days are held here too: no path through the code may make a long-lived secret stay.
    CONSTRAINT "credentials_end" CHECK (
        NOT "migration_only" OR ("ends_at" IS NOT NULL AND "ends_at" <= "created_at" + interval '90 days 1 minute')),
    CONSTRAINT "credentials_migration" CHECK ("migration_only" OR "kind" NOT IN ('bearer', 'header', 'env')),
    CONSTRAINT "credentials_rotation" CHECK (("rotation_id" IS NULL) = ("rotation_until" IS NULL))
);
CREATE UNIQUE INDEX "credentials_live_name" ON "credentials" ("name") WHERE "retired_at" IS NULL;
CREATE UNIQUE INDEX "credentials_one_per_server" ON "credentials" ("server_id") WHERE "retired_at" IS NULL;

CREATE TABLE "credential_secrets" (
    "id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "sealed" BYTEA,
    "public_jwk" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "not_after" TIMESTAMPTZ(3),
    CONSTRAINT "credential_secrets_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "credential_secrets_credential_id_fkey" FOREIGN KEY ("credential_id") REFERENCES "credentials"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "credential_secrets_state" CHECK ("state" IN ('next', 'current', 'previous', 'retired')),
    CONSTRAINT "credential_secrets_erased" CHECK (("state" = 'retired') = ("sealed" IS NULL)),
    CONSTRAINT "credential_secrets_overlap" CHECK ("state" <> 'previous' OR "not_after" IS NOT NULL)
);
CREATE UNIQUE INDEX "credential_secrets_credential_id_version_key" ON "credential_secrets" ("credential_id", "version");
CREATE UNIQUE INDEX "credential_secrets_one_of_each" ON "credential_secrets" ("credential_id", "state") WHERE "state" <> 'retired';

CREATE TABLE "credential_wraps" (
    "secret_id" UUID NOT NULL,
    "key_id" TEXT NOT NULL,
    "wrapped" BYTEA NOT NULL,
    CONSTRAINT "credential_wraps_pkey" PRIMARY KEY ("secret_id", "key_id"),
    CONSTRAINT "credential_wraps_secret_id_fkey" FOREIGN KEY ("secret_id") REFERENCES "credential_secrets"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
