-- breaking: the secret moves from the agent to its keys, so a process of before cannot authenticate a client any more.
CREATE TABLE "agent_keys" (
    "id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "secret_hash" TEXT,
    "prefix" TEXT NOT NULL,
    "jwk" JSONB,
    "thumbprint" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "created_by" TEXT NOT NULL,
    "not_after" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    CONSTRAINT "agent_keys_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "agent_keys_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    -- A key is a secret or a public key, never both and never neither.
    CONSTRAINT "agent_keys_kind_check" CHECK (
        (kind = 'secret' AND secret_hash IS NOT NULL AND jwk IS NULL AND thumbprint IS NULL)
        OR (kind = 'jwk' AND secret_hash IS NULL AND jwk IS NOT NULL AND thumbprint IS NOT NULL)
    ),
    -- The private half of an agent's key has no place here.
    CONSTRAINT "agent_keys_public_check" CHECK (jwk IS NULL OR NOT (jwk ?| ARRAY['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']))
);
CREATE UNIQUE INDEX "agent_keys_secret_hash_key" ON "agent_keys"("secret_hash");
CREATE INDEX "agent_keys_agent_id_idx" ON "agent_keys"("agent_id");
-- One living key of a kind: the same public key twice would be two clocks for one thing.
CREATE UNIQUE INDEX "agent_keys_thumbprint_live" ON "agent_keys"("agent_id", "thumbprint") WHERE revoked_at IS NULL;

INSERT INTO "agent_keys" ("id", "agent_id", "kind", "secret_hash", "prefix", "created_at", "created_by")
SELECT gen_random_uuid(), id, 'secret', client_secret_hash, 'css_', created_at, 'countersign' FROM "agents";
ALTER TABLE "agents" DROP COLUMN "client_secret_hash";

ALTER TABLE "agent_tokens" ADD COLUMN "key_id" UUID;

CREATE TABLE "used_assertions" (
    "agent_id" UUID NOT NULL,
    "jti_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "used_assertions_pkey" PRIMARY KEY ("agent_id", "jti_hash")
);
CREATE INDEX "used_assertions_expires_at_idx" ON "used_assertions"("expires_at");

CREATE TABLE "revoked_access_tokens" (
    "jti" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "revoked_access_tokens_pkey" PRIMARY KEY ("jti")
);
CREATE INDEX "revoked_access_tokens_expires_at_idx" ON "revoked_access_tokens"("expires_at");

CREATE TABLE "signing_keys" (
    "kid" TEXT NOT NULL,
    "jwk" JSONB NOT NULL,
    "sealed" BYTEA,
    "signs_from" TIMESTAMPTZ(3) NOT NULL,
    "retires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("kid"),
    CONSTRAINT "signing_keys_public_check" CHECK (NOT (jwk ?| ARRAY['d', 'p', 'q', 'k']))
);

CREATE TABLE "session_quarantines" (
    "id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "session" TEXT NOT NULL,
    "others" TEXT[],
    "by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "lift_reason" TEXT,
    CONSTRAINT "session_quarantines_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "session_quarantines_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "session_quarantines_agent_id_idx" ON "session_quarantines"("agent_id");
-- One standing quarantine of a session.
CREATE UNIQUE INDEX "session_quarantines_standing" ON "session_quarantines"("agent_id", "session") WHERE lifted_at IS NULL;
