-- CreateEnum
CREATE TYPE "policy_status" AS ENUM ('draft', 'proposed', 'published', 'withdrawn');

-- CreateEnum
CREATE TYPE "grant_status" AS ENUM ('pending', 'active', 'denied', 'expired', 'used-up', 'revoked', 'killed', 'void');

-- AlterTable
ALTER TABLE "approval_requests" ADD COLUMN     "escalate_at" TIMESTAMPTZ(3),
ADD COLUMN     "escalation" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "escalation_step" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "factors" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "matched" TEXT[],
ADD COLUMN     "step_up" TEXT NOT NULL DEFAULT 'none',
ADD COLUMN     "tainted" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "undo_s" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "vote_ttl_s" INTEGER NOT NULL DEFAULT 900;

-- AlterTable
ALTER TABLE "people" ADD COLUMN     "subject" TEXT;

-- AlterTable
ALTER TABLE "policy_versions" ADD COLUMN     "approved_by" UUID,
ADD COLUMN     "base_version" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "comparison" JSONB,
ADD COLUMN     "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "loosens" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "proposed_at" TIMESTAMPTZ(3),
ADD COLUMN     "published_by" UUID,
ADD COLUMN     "status" "policy_status" NOT NULL DEFAULT 'published',
ALTER COLUMN "published_at" DROP NOT NULL;

-- AlterTable
ALTER TABLE "votes" ADD COLUMN     "assertion" JSONB,
ADD COLUMN     "break_glass_id" UUID,
ADD COLUMN     "for_person_id" UUID,
ADD COLUMN     "step_up" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "withdrawn_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "settings" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "undo_high_s" INTEGER NOT NULL DEFAULT 3,
    "break_glass_enabled" BOOLEAN NOT NULL DEFAULT false,
    "break_glass_group" TEXT NOT NULL DEFAULT 'break-glass',
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delegations" (
    "id" UUID NOT NULL,
    "from_id" UUID NOT NULL,
    "to_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "delegations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grants" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "status" "grant_status" NOT NULL DEFAULT 'pending',
    "agent_id" UUID NOT NULL,
    "agent_name" TEXT NOT NULL,
    "agent_owner_id" UUID NOT NULL,
    "server_id" UUID NOT NULL,
    "server_name" TEXT NOT NULL,
    "server_config_hash" TEXT NOT NULL,
    "tool_name" TEXT,
    "tool_digest" TEXT,
    "action_class" TEXT,
    "condition" TEXT,
    "max_uses" INTEGER NOT NULL,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "quorum" INTEGER NOT NULL,
    "factors" JSONB NOT NULL DEFAULT '[]',
    "step_up" TEXT NOT NULL DEFAULT 'none',
    "tier" "tier" NOT NULL,
    "minutes" INTEGER NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "kill_epoch" BIGINT NOT NULL,
    "digest" TEXT NOT NULL,
    "request_id" UUID,
    "opened_solo" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "decide_by" TIMESTAMPTZ(3) NOT NULL,
    "activated_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" UUID,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grant_votes" (
    "id" UUID NOT NULL,
    "grant_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "decision" "vote_decision" NOT NULL,
    "digest" TEXT NOT NULL,
    "reason" TEXT,
    "cast_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "step_up" BOOLEAN NOT NULL DEFAULT false,
    "assertion" JSONB,

    CONSTRAINT "grant_votes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "passkeys" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "credential_id" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL DEFAULT 0,
    "transports" TEXT[],
    "name" TEXT NOT NULL,
    "backed_up" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "passkeys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webauthn_challenges" (
    "id" UUID NOT NULL,
    "person_id" UUID,
    "purpose" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "challenge" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "webauthn_challenges_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "observe_windows" (
    "id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "opened_by" UUID,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "minutes" INTEGER NOT NULL,
    "confirmed_by" UUID,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" UUID,

    CONSTRAINT "observe_windows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "break_glass" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "ticket" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "review_due" TIMESTAMPTZ(3) NOT NULL,
    "reviewed_by" UUID,
    "reviewed_at" TIMESTAMPTZ(3),
    "review_note" TEXT,
    "assertion" JSONB,

    CONSTRAINT "break_glass_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_taints" (
    "agent_id" UUID NOT NULL,
    "session_key" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "call_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "session_taints_pkey" PRIMARY KEY ("agent_id","session_key")
);

-- CreateTable
CREATE TABLE "mcp_rounds" (
    "id" TEXT NOT NULL,
    "agent_id" UUID NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mcp_rounds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mcp_tasks" (
    "id" TEXT NOT NULL,
    "agent_id" UUID NOT NULL,
    "target" TEXT NOT NULL,
    "call_id" UUID NOT NULL,
    "request_id" UUID,
    "server_name" TEXT NOT NULL,
    "tool_name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "status_text" TEXT NOT NULL DEFAULT '',
    "owned_by" UUID,
    "call_sealed" BYTEA NOT NULL,
    "result_sealed" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mcp_tasks_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "delegations_from_id_idx" ON "delegations"("from_id");

-- CreateIndex
CREATE INDEX "delegations_to_id_idx" ON "delegations"("to_id");

-- CreateIndex
CREATE INDEX "grants_agent_id_status_idx" ON "grants"("agent_id", "status");

-- CreateIndex
CREATE INDEX "grants_status_expires_at_idx" ON "grants"("status", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "grant_votes_grant_id_person_id_key" ON "grant_votes"("grant_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "passkeys_credential_id_key" ON "passkeys"("credential_id");

-- CreateIndex
CREATE INDEX "passkeys_person_id_idx" ON "passkeys"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "webauthn_challenges_challenge_key" ON "webauthn_challenges"("challenge");

-- CreateIndex
CREATE INDEX "observe_windows_ends_at_idx" ON "observe_windows"("ends_at");

-- CreateIndex
CREATE INDEX "mcp_rounds_expires_at_idx" ON "mcp_rounds"("expires_at");

-- CreateIndex
CREATE INDEX "mcp_tasks_agent_id_idx" ON "mcp_tasks"("agent_id");

-- CreateIndex
CREATE INDEX "mcp_tasks_expires_at_idx" ON "mcp_tasks"("expires_at");

-- CreateIndex
CREATE INDEX "approval_requests_status_escalate_at_idx" ON "approval_requests"("status", "escalate_at");

-- CreateIndex
CREATE INDEX "policy_versions_status_version_idx" ON "policy_versions"("status", "version");

-- AddForeignKey
ALTER TABLE "votes" ADD CONSTRAINT "votes_for_person_id_fkey" FOREIGN KEY ("for_person_id") REFERENCES "people"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant_votes" ADD CONSTRAINT "grant_votes_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "grants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand from here: what the schema language cannot say.
ALTER TABLE "approval_requests" ALTER COLUMN "matched" SET DEFAULT ARRAY[]::TEXT[], ALTER COLUMN "matched" SET NOT NULL,
    ADD CONSTRAINT "approval_requests_step_up_check" CHECK ("step_up" IN ('none', 'passkey')),
    ADD CONSTRAINT "approval_requests_undo_check" CHECK ("undo_s" BETWEEN 0 AND 3600);
-- What is published has its moment, and nothing else has one.
ALTER TABLE "policy_versions"
    ADD CONSTRAINT "policy_versions_published_check" CHECK (("status" = 'published') = ("published_at" IS NOT NULL));
ALTER TABLE "settings" ADD CONSTRAINT "settings_one_row" CHECK ("id" = 1),
    ADD CONSTRAINT "settings_undo_check" CHECK ("undo_high_s" BETWEEN 0 AND 3600);
INSERT INTO "settings" ("id") VALUES (1);
ALTER TABLE "delegations"
    ADD CONSTRAINT "delegations_two_people_check" CHECK ("from_id" <> "to_id"),
    ADD CONSTRAINT "delegations_length_check" CHECK ("ends_at" > "starts_at" AND "ends_at" <= "starts_at" + interval '14 days');
ALTER TABLE "votes" ADD CONSTRAINT "votes_seat_check" CHECK ("for_person_id" IS NULL OR "for_person_id" <> "person_id");
ALTER TABLE "grants"
    ADD CONSTRAINT "grants_one_subject_check" CHECK (("tool_name" IS NULL) <> ("action_class" IS NULL)),
    ADD CONSTRAINT "grants_pin_check" CHECK (("tool_name" IS NULL) = ("tool_digest" IS NULL)),
    ADD CONSTRAINT "grants_uses_check" CHECK ("max_uses" BETWEEN 1 AND 10000 AND "uses" BETWEEN 0 AND "max_uses"),
    ADD CONSTRAINT "grants_minutes_check" CHECK ("minutes" BETWEEN 1 AND 1440),
    ADD CONSTRAINT "grants_active_check" CHECK ("status" <> 'active' OR ("activated_at" IS NOT NULL AND "expires_at" IS NOT NULL));
ALTER TABLE "observe_windows"
    ADD CONSTRAINT "observe_windows_minutes_check" CHECK ("minutes" BETWEEN 1 AND 43200),
    ADD CONSTRAINT "observe_windows_end_check" CHECK (("starts_at" IS NULL) = ("ends_at" IS NULL));
ALTER TABLE "break_glass"
    ADD CONSTRAINT "break_glass_length_check" CHECK ("ends_at" > "opened_at" AND "ends_at" <= "opened_at" + interval '15 minutes');
