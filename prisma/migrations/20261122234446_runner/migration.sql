-- What stdio servers are started from: commands of the host or approved by two people, trials of an apply, and the
-- packages that were installed. Only the runner reads argument vectors to start them.
ALTER TABLE "stdio_commands"
    ADD COLUMN "writable" TEXT[] DEFAULT ARRAY[]::TEXT[],
    ADD COLUMN "source" TEXT NOT NULL DEFAULT 'host';
ALTER TABLE "stdio_commands" ADD CONSTRAINT "stdio_commands_source_check" CHECK ("source" IN ('host', 'approved'));

CREATE TABLE "stdio_trials" (
    "server_name" TEXT NOT NULL,
    "config_hash" TEXT NOT NULL,
    "argv" TEXT[],
    "writable" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "stdio_trials_pkey" PRIMARY KEY ("server_name", "config_hash")
);

CREATE TABLE "command_proposals" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "argv" TEXT[],
    "argv_before" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'proposed',
    "proposed_by" UUID NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "proposed_solo" BOOLEAN NOT NULL DEFAULT false,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    CONSTRAINT "command_proposals_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "command_proposals_status_check" CHECK ("status" IN ('proposed', 'approved', 'withdrawn')),
    CONSTRAINT "command_proposals_decided_check" CHECK (("status" = 'proposed') = ("decided_at" IS NULL))
);
CREATE INDEX "command_proposals_status_idx" ON "command_proposals" ("status");
-- One open proposal for a name: the second would be approved against a diff that the first has made wrong.
CREATE UNIQUE INDEX "command_proposals_open_key" ON "command_proposals" ("name") WHERE "status" = 'proposed';

CREATE TABLE "server_packages" (
    "server_name" TEXT NOT NULL,
    "config_hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "integrity" TEXT NOT NULL,
    "accepted_integrity" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "server_packages_pkey" PRIMARY KEY ("server_name", "config_hash")
);
