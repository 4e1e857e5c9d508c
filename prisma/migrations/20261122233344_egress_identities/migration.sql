-- Whose destination an entry is, who answers for it, and how the other side is recognised; where everybody went.
ALTER TABLE "egress_entries"
    ADD COLUMN "identity" TEXT NOT NULL DEFAULT 'gateway',
    ADD COLUMN "owner_id" UUID,
    ADD COLUMN "tls_pin" TEXT,
    ADD COLUMN "client_certificate_id" UUID;
UPDATE "egress_entries" SET "owner_id" = "created_by";
ALTER TABLE "egress_entries"
    ADD CONSTRAINT "egress_entries_identity_check"
        CHECK ("identity" ~ '^(gateway|(agent|server):[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?)$'),
    ADD CONSTRAINT "egress_entries_tls_check"
        CHECK ("tls_pin" IS NULL OR ("scheme" = 'https' AND "tls_pin" ~ '^[A-Za-z0-9+/]{43}=$')),
    ADD CONSTRAINT "egress_entries_certificate_check" CHECK ("client_certificate_id" IS NULL OR "scheme" = 'https');

CREATE TABLE "egress_identities" (
    "identity" TEXT NOT NULL,
    "on_first_seen" TEXT NOT NULL DEFAULT 'deny',
    "changed_by" UUID,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "egress_identities_pkey" PRIMARY KEY ("identity"),
    CONSTRAINT "egress_identities_identity_check"
        CHECK ("identity" ~ '^(agent|server):[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$'),
    CONSTRAINT "egress_identities_on_first_seen_check" CHECK ("on_first_seen" IN ('deny', 'ask'))
);

CREATE TABLE "egress_attempts" (
    "id" UUID NOT NULL,
    "identity" TEXT NOT NULL,
    "scheme" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL,
    "first_seen" TIMESTAMPTZ(3) NOT NULL,
    "last_seen" TIMESTAMPTZ(3) NOT NULL,
    "count" BIGINT NOT NULL DEFAULT 1,
    "bytes_out" BIGINT NOT NULL DEFAULT 0,
    "bytes_in" BIGINT NOT NULL DEFAULT 0,
    "last_reason" TEXT,
    "recorded_at" TIMESTAMPTZ(3),
    CONSTRAINT "egress_attempts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "egress_attempts_verdict_check" CHECK ("verdict" IN ('allowed', 'denied', 'held'))
);
CREATE UNIQUE INDEX "egress_attempts_identity_scheme_host_port_verdict_key"
    ON "egress_attempts"("identity", "scheme", "host", "port", "verdict");
CREATE INDEX "egress_attempts_verdict_last_seen_id_idx" ON "egress_attempts"("verdict", "last_seen", "id");
