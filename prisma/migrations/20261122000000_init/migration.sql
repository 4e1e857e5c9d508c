-- CreateEnum
CREATE TYPE "role" AS ENUM ('admin', 'reviewer', 'security');

-- CreateEnum
CREATE TYPE "person_status" AS ENUM ('active', 'disabled');

-- CreateEnum
CREATE TYPE "tier" AS ENUM ('low', 'medium', 'high');

-- CreateEnum
CREATE TYPE "transport" AS ENUM ('http', 'stdio', 'external');

-- CreateEnum
CREATE TYPE "server_status" AS ENUM ('active', 'disabled');

-- CreateEnum
CREATE TYPE "pin_state" AS ENUM ('new', 'accepted', 'drifted', 'missing');

-- CreateEnum
CREATE TYPE "agent_status" AS ENUM ('active', 'revoked');

-- CreateEnum
CREATE TYPE "hold_profile" AS ENUM ('openclaw', 'claude-code', 'codex', 'gemini', 'cursor', 'sdk');

-- CreateEnum
CREATE TYPE "approval_status" AS ENUM ('pending', 'approved', 'denied', 'expired', 'withdrawn', 'superseded', 'killed', 'consumed', 'revoked', 'expired-unused', 'succeeded', 'failed', 'unknown-outcome');

-- CreateEnum
CREATE TYPE "vote_decision" AS ENUM ('approve', 'deny');

-- CreateTable
CREATE TABLE "people" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "roles" "role"[],
    "groups" TEXT[],
    "status" "person_status" NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_sign_in_at" TIMESTAMPTZ(3),

    CONSTRAINT "people_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person_sessions" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'browser',
    "token_hash" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reauth_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "one_time_links" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "email" TEXT,
    "roles" "role"[],
    "groups" TEXT[],
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "one_time_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt_windows" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 0,
    "window_start" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attempt_windows_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "agents" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "client" "hold_profile" NOT NULL DEFAULT 'sdk',
    "request_timeout_ms" INTEGER,
    "pending_cap" INTEGER NOT NULL DEFAULT 20,
    "aggregate" BOOLEAN NOT NULL DEFAULT false,
    "status" "agent_status" NOT NULL DEFAULT 'active',
    "client_id" TEXT NOT NULL,
    "client_secret_hash" TEXT NOT NULL,
    "token_epoch" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "agents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_servers" (
    "agent_id" UUID NOT NULL,
    "server_id" UUID NOT NULL,

    CONSTRAINT "agent_servers_pkey" PRIMARY KEY ("agent_id","server_id")
);

-- CreateTable
CREATE TABLE "agent_tokens" (
    "id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "audience" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "agent_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stdio_commands" (
    "name" TEXT NOT NULL,
    "argv" TEXT[],
    "defined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stdio_commands_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "servers" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "transport" "transport" NOT NULL,
    "url" TEXT,
    "command_name" TEXT,
    "description" TEXT NOT NULL DEFAULT '',
    "tier" "tier" NOT NULL DEFAULT 'high',
    "status" "server_status" NOT NULL DEFAULT 'active',
    "config_hash" TEXT NOT NULL,
    "server_info" JSONB,
    "capabilities" JSONB,
    "protocol_version" TEXT,
    "last_scan_at" TIMESTAMPTZ(3),
    "last_scan_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "servers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tools" (
    "id" UUID NOT NULL,
    "server_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "definition_digest" TEXT NOT NULL,
    "accepted_definition" JSONB,
    "accepted_digest" TEXT,
    "pin_state" "pin_state" NOT NULL DEFAULT 'new',
    "tier" "tier" NOT NULL DEFAULT 'high',
    "action_class" TEXT NOT NULL DEFAULT 'other',
    "suggested_tier" "tier" NOT NULL DEFAULT 'high',
    "suggested_class" TEXT NOT NULL DEFAULT 'other',
    "suggestion_reasons" TEXT[],
    "tagged_by" UUID,
    "tagged_at" TIMESTAMPTZ(3),
    "tag_reason" TEXT,
    "accepted_by" UUID,
    "accepted_at" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tools_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "egress_entries" (
    "id" UUID NOT NULL,
    "scheme" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "path_prefix" TEXT NOT NULL DEFAULT '/',
    "cidr" TEXT,
    "reason" TEXT NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "egress_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_versions" (
    "version" SERIAL NOT NULL,
    "rules" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "created_by" UUID,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "config_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "version" BIGINT NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "config_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval_requests" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "status" "approval_status" NOT NULL DEFAULT 'pending',
    "call_id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "agent_name" TEXT NOT NULL,
    "agent_owner_id" UUID NOT NULL,
    "on_behalf_of" TEXT,
    "session_key" TEXT NOT NULL,
    "server_id" UUID NOT NULL,
    "server_name" TEXT NOT NULL,
    "server_config_hash" TEXT NOT NULL,
    "tool_name" TEXT NOT NULL,
    "tool_digest" TEXT NOT NULL,
    "args_hash" TEXT NOT NULL,
    "args_bytes" INTEGER NOT NULL,
    "args_sealed" BYTEA NOT NULL,
    "nonce" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "attach_key" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "tier" "tier" NOT NULL,
    "action_class" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "quorum" INTEGER NOT NULL DEFAULT 1,
    "kill_epoch" BIGINT NOT NULL,
    "agent_reason" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_ttl_s" INTEGER NOT NULL DEFAULT 900,
    "decided_at" TIMESTAMPTZ(3),
    "approved_until" TIMESTAMPTZ(3),
    "execute_after" TIMESTAMPTZ(3),
    "consumed_at" TIMESTAMPTZ(3),
    "consumed_by" UUID,
    "finished_at" TIMESTAMPTZ(3),
    "claimed_by" UUID,
    "claim_until" TIMESTAMPTZ(3),
    "superseded_by" UUID,

    CONSTRAINT "approval_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "votes" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "decision" "vote_decision" NOT NULL,
    "digest" TEXT NOT NULL,
    "reason" TEXT,
    "cast_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "votes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("actor","key")
);

-- CreateTable
CREATE TABLE "decision_calls" (
    "id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "request_id" UUID,
    "server_name" TEXT NOT NULL,
    "tool_name" TEXT NOT NULL,
    "session_key" TEXT NOT NULL,
    "tier" "tier" NOT NULL,
    "action_class" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "allowed_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "decision_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mcp_sessions" (
    "id" TEXT NOT NULL,
    "agent_id" UUID NOT NULL,
    "target" TEXT NOT NULL,
    "protocol_version" TEXT NOT NULL,
    "client_info" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "mcp_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "kill_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "kill_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "kill_state" (
    "scope" TEXT NOT NULL,
    "on" BOOLEAN NOT NULL,
    "epoch" BIGINT NOT NULL,
    "killed_epoch" BIGINT NOT NULL DEFAULT 0,
    "by_id" UUID,
    "by_name" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "kill_state_pkey" PRIMARY KEY ("scope")
);

-- CreateTable
CREATE TABLE "kill_restores" (
    "id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "kill_epoch" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "opened_by" UUID,
    "opened_by_name" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_by" UUID,
    "confirmed_by_name" TEXT,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "kill_restores_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "process_instances" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kill_epoch_ack" BIGINT NOT NULL DEFAULT 0,
    "kill_ack_at" TIMESTAMPTZ(3),
    "hard_stopped_at" TIMESTAMPTZ(3),
    "config_version" BIGINT NOT NULL DEFAULT 0,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "process_instances_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_inbox" (
    "id" BIGSERIAL NOT NULL,
    "event" TEXT NOT NULL,
    "salt" BYTEA,
    "payload" BYTEA,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "audit_inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "seq" BIGINT NOT NULL,
    "leaf" BYTEA NOT NULL,
    "entry" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "type" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "call_id" UUID,
    "request_id" UUID,
    "session_id" TEXT,
    "agent" TEXT,
    "server" TEXT,
    "tool" TEXT,
    "actor" TEXT,
    "decision" TEXT,
    "tier" TEXT,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("seq")
) PARTITION BY RANGE ("seq");

-- CreateTable
CREATE TABLE "audit_payloads" (
    "event_id" UUID NOT NULL,
    "salt" BYTEA NOT NULL,
    "payload" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_payloads_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "size" BIGINT NOT NULL DEFAULT 0,
    "frontier" BYTEA NOT NULL,
    "root" BYTEA NOT NULL,
    "fence" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_sessions" (
    "session_id" TEXT NOT NULL,
    "last_seq" INTEGER NOT NULL,
    "last_leaf" BYTEA NOT NULL,

    CONSTRAINT "audit_sessions_pkey" PRIMARY KEY ("session_id")
);

-- CreateTable
CREATE TABLE "audit_checkpoints" (
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "note" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "audit_checkpoints_pkey" PRIMARY KEY ("size","at")
);

-- CreateTable
CREATE TABLE "audit_nodes" (
    "level" INTEGER NOT NULL,
    "index" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_nodes_pkey" PRIMARY KEY ("level","index")
);

-- CreateIndex
CREATE UNIQUE INDEX "people_email_key" ON "people"("email");

-- CreateIndex
CREATE UNIQUE INDEX "person_sessions_token_hash_key" ON "person_sessions"("token_hash");

-- CreateIndex
CREATE INDEX "person_sessions_person_id_idx" ON "person_sessions"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "one_time_links_token_hash_key" ON "one_time_links"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "agents_name_key" ON "agents"("name");

-- CreateIndex
CREATE UNIQUE INDEX "agents_client_id_key" ON "agents"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_tokens_token_hash_key" ON "agent_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "agent_tokens_agent_id_idx" ON "agent_tokens"("agent_id");

-- CreateIndex
CREATE UNIQUE INDEX "servers_name_key" ON "servers"("name");

-- CreateIndex
CREATE UNIQUE INDEX "tools_server_id_name_key" ON "tools"("server_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "approval_requests_call_id_key" ON "approval_requests"("call_id");

-- CreateIndex
CREATE INDEX "approval_requests_status_requested_at_idx" ON "approval_requests"("status", "requested_at");

-- CreateIndex
CREATE INDEX "approval_requests_agent_id_status_idx" ON "approval_requests"("agent_id", "status");

-- CreateIndex
CREATE INDEX "approval_requests_attach_key_status_idx" ON "approval_requests"("attach_key", "status");

-- CreateIndex
CREATE INDEX "approval_requests_server_id_tool_name_status_idx" ON "approval_requests"("server_id", "tool_name", "status");

-- CreateIndex
CREATE UNIQUE INDEX "votes_request_id_person_id_key" ON "votes"("request_id", "person_id");

-- CreateIndex
CREATE INDEX "decision_calls_agent_id_created_at_idx" ON "decision_calls"("agent_id", "created_at");

-- CreateIndex
CREATE INDEX "decision_calls_request_id_idx" ON "decision_calls"("request_id");

-- CreateIndex
CREATE INDEX "decision_calls_state_allowed_at_idx" ON "decision_calls"("state", "allowed_at");

-- CreateIndex
CREATE INDEX "mcp_sessions_agent_id_idx" ON "mcp_sessions"("agent_id");

-- CreateIndex
CREATE INDEX "audit_entries_at_idx" ON "audit_entries" USING BRIN ("at");

-- CreateIndex
CREATE INDEX "audit_entries_server_seq_idx" ON "audit_entries"("server", "seq");

-- CreateIndex
CREATE INDEX "audit_entries_agent_seq_idx" ON "audit_entries"("agent", "seq");

-- CreateIndex
CREATE INDEX "audit_entries_session_id_seq_idx" ON "audit_entries"("session_id", "seq");

-- CreateIndex
CREATE INDEX "audit_entries_call_id_idx" ON "audit_entries"("call_id");

-- CreateIndex
CREATE INDEX "audit_entries_request_id_idx" ON "audit_entries"("request_id");

-- AddForeignKey
ALTER TABLE "person_sessions" ADD CONSTRAINT "person_sessions_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agents" ADD CONSTRAINT "agents_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_servers" ADD CONSTRAINT "agent_servers_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_servers" ADD CONSTRAINT "agent_servers_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_tokens" ADD CONSTRAINT "agent_tokens_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "servers" ADD CONSTRAINT "servers_command_name_fkey" FOREIGN KEY ("command_name") REFERENCES "stdio_commands"("name") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tools" ADD CONSTRAINT "tools_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval_requests" ADD CONSTRAINT "approval_requests_claimed_by_fkey" FOREIGN KEY ("claimed_by") REFERENCES "people"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "votes" ADD CONSTRAINT "votes_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "approval_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "votes" ADD CONSTRAINT "votes_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------------------------------------------------------------
-- Written by hand from here on: what Prisma cannot express.

-- One open request per call: a retry attaches to it, two gateways cannot open two.
CREATE UNIQUE INDEX "approval_requests_attach_open" ON "approval_requests" ("attach_key")
    WHERE "status" IN ('pending', 'approved');

-- The sweeps read these few rows out of a long history.
CREATE INDEX "approval_requests_pending_expiry" ON "approval_requests" ("expires_at") WHERE "status" = 'pending';
CREATE INDEX "approval_requests_approved_expiry" ON "approval_requests" ("approved_until") WHERE "status" = 'approved';
CREATE INDEX "approval_requests_running" ON "approval_requests" ("consumed_by") WHERE "status" = 'consumed';

ALTER TABLE "approval_requests"
    ADD CONSTRAINT "approval_requests_version_check" CHECK ("version" >= 1),
    ADD CONSTRAINT "approval_requests_quorum_check" CHECK ("quorum" BETWEEN 1 AND 20),
    ADD CONSTRAINT "approval_requests_via_check" CHECK ("via" IN ('mcp', 'decision-api')),
    ADD CONSTRAINT "approval_requests_size_check" CHECK ("args_bytes" >= 0 AND "approved_ttl_s" > 0),
    ADD CONSTRAINT "approval_requests_hash_check" CHECK (
        "digest" ~ '^[0-9a-f]{64}$' AND "args_hash" ~ '^[0-9a-f]{64}$' AND "tool_digest" ~ '^[0-9a-f]{64}$'),
    -- A decided request has a moment of decision; an approval ends; what ran was consumed.
    ADD CONSTRAINT "approval_requests_decided_check" CHECK (
        "status" NOT IN ('approved', 'denied') OR "decided_at" IS NOT NULL),
    ADD CONSTRAINT "approval_requests_approved_check" CHECK ("status" <> 'approved' OR "approved_until" IS NOT NULL),
    ADD CONSTRAINT "approval_requests_consumed_check" CHECK (
        "status" NOT IN ('consumed', 'succeeded', 'failed', 'unknown-outcome') OR "consumed_at" IS NOT NULL);

-- Tables of one row.
ALTER TABLE "config_head" ADD CONSTRAINT "config_head_one_row" CHECK ("id" = 1);
ALTER TABLE "kill_head" ADD CONSTRAINT "kill_head_one_row" CHECK ("id" = 1);
ALTER TABLE "audit_head" ADD CONSTRAINT "audit_head_one_row" CHECK ("id" = 1);
INSERT INTO "config_head" ("id") VALUES (1);
INSERT INTO "kill_head" ("id") VALUES (1);
-- The root of the empty tree is SHA-256 of nothing (RFC 6962 section 2.1).
INSERT INTO "audit_head" ("id", "frontier", "root") VALUES (1, '', sha256(''));

-- The log is append-only for everybody who does not drop the trigger; that shows as a root that no checkpoint signed.
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE ON "audit_entries"
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER "audit_entries_no_truncate" BEFORE TRUNCATE ON "audit_entries"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER "audit_checkpoints_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_checkpoints"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER "audit_nodes_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_nodes"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- Partitions stand in a schema of their own, where the schema differ does not look for tables to drop.
CREATE SCHEMA "audit_partitions";

-- Makes the partition of [first, past) unless it exists. Attaching takes a lock that lets readers and writers go on,
-- where CREATE TABLE … PARTITION OF would wait for the longest export and hold up everybody behind it.
-- Row triggers and indexes come with attaching; a TRUNCATE trigger does not.
CREATE FUNCTION audit_add_partition(first BIGINT, past BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
    name TEXT := 'entries_' || first;
BEGIN
    IF to_regclass('audit_partitions.' || name) IS NOT NULL THEN
        RETURN FALSE;
    END IF;
    EXECUTE format('CREATE TABLE audit_partitions.%I (LIKE audit_entries INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format('ALTER TABLE audit_entries ATTACH PARTITION audit_partitions.%I FOR VALUES FROM (%s) TO (%s)', name, first, past);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_partitions.%I FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()', name);
    RETURN TRUE;
END
$$;

-- A multiple of 65536 (256 x 256), so that whole hash tiles lie in one partition.
SELECT audit_add_partition(0, 1048576);

-- The inbox is a queue: rows live for milliseconds, so it is vacuumed by count, without pauses.
ALTER TABLE "audit_inbox" SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 1000000000);
