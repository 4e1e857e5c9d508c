-- Sign-in through an OpenID provider, sessions that say how they began, and command lines that a person confirms.

-- What the provider's groups gave somebody last time: taken away again when the group is gone, and nothing else is.
ALTER TABLE "people"
  ADD COLUMN "sso_roles" "role"[] NOT NULL DEFAULT '{}',
  ADD COLUMN "sso_groups" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "sso_bound_at" TIMESTAMPTZ(3);

-- How the session began: password, passkey, sso, cli. Null: before this was written down.
ALTER TABLE "person_sessions" ADD COLUMN "method" TEXT, ADD COLUMN "address" TEXT;
ALTER TABLE "person_sessions" ADD CONSTRAINT "person_sessions_method"
  CHECK ("method" IN ('password', 'passkey', 'sso', 'cli'));

CREATE TABLE "sign_in_settings" (
  "id" INTEGER NOT NULL DEFAULT 1,
  "passwords" TEXT NOT NULL DEFAULT 'on',
  "sso_enabled" BOOLEAN NOT NULL DEFAULT false,
  "issuer" TEXT,
  "client_id" TEXT,
  "client_secret" BYTEA,
  "scopes" TEXT NOT NULL DEFAULT 'openid email profile',
  "groups_claim" TEXT NOT NULL DEFAULT 'groups',
  "name" TEXT NOT NULL DEFAULT 'single sign-on',
  "auto_create" BOOLEAN NOT NULL DEFAULT false,
  "mappings" JSONB NOT NULL DEFAULT '[]',
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "sign_in_settings_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "sign_in_settings_one" CHECK ("id" = 1),
  CONSTRAINT "sign_in_settings_passwords" CHECK ("passwords" IN ('on', 'off')),
  CONSTRAINT "sign_in_settings_complete" CHECK (NOT "sso_enabled" OR ("issuer" IS NOT NULL AND "client_id" IS NOT NULL))
);
INSERT INTO "sign_in_settings" ("id") VALUES (1);

-- A sign-in on its way to the provider and back. The browser holds the secret; whoever reads this table can finish none.
CREATE TABLE "sso_attempts" (
  "id" UUID NOT NULL,
  "secret_hash" TEXT NOT NULL,
  "issuer" TEXT NOT NULL,
  "next" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "session_id" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "used_at" TIMESTAMPTZ(3),
  CONSTRAINT "sso_attempts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "sso_attempts_purpose" CHECK ("purpose" = 'sign-in' OR ("purpose" = 'step-up' AND "session_id" IS NOT NULL))
);
CREATE UNIQUE INDEX "sso_attempts_secret_hash_key" ON "sso_attempts"("secret_hash");

-- A command line that waits for a person to confirm its code in the console.
CREATE TABLE "cli_logins" (
  "id" UUID NOT NULL,
  "device_hash" TEXT NOT NULL,
  "code_hash" TEXT NOT NULL,
  "client" TEXT NOT NULL,
  "address" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "confirmed_by" UUID,
  "confirmed_at" TIMESTAMPTZ(3),
  "refused_at" TIMESTAMPTZ(3),
  "used_at" TIMESTAMPTZ(3),
  CONSTRAINT "cli_logins_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "cli_logins_confirmed" CHECK (("confirmed_by" IS NULL) = ("confirmed_at" IS NULL)),
  CONSTRAINT "cli_logins_used" CHECK ("used_at" IS NULL OR "confirmed_at" IS NOT NULL),
  CONSTRAINT "cli_logins_confirmed_by_fkey" FOREIGN KEY ("confirmed_by") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "cli_logins_device_hash_key" ON "cli_logins"("device_hash");
CREATE UNIQUE INDEX "cli_logins_code_hash_key" ON "cli_logins"("code_hash");
