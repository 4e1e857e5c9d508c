-- Notifications: channels, what each person wants, their browsers, the outbox, who is on call.
-- The allowlist gains an identity of its own for them: what the gateway may reach, a push endpoint of somebody's choosing may not.
ALTER TABLE "egress_entries" DROP CONSTRAINT "egress_entries_identity_check",
    ADD CONSTRAINT "egress_entries_identity_check"
        CHECK ("identity" ~ '^(gateway|notifications|(agent|server):[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?)$');

CREATE TABLE "notification_channels" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "kinds" TEXT[] NOT NULL,
    "config" JSONB NOT NULL,
    "sealed" BYTEA,
    "paused_until" TIMESTAMPTZ(3),
    "last_delivered_at" TIMESTAMPTZ(3),
    "last_error_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "notification_channels_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_channels_kind" CHECK ("kind" IN ('web-push', 'email', 'slack', 'webhook'))
);
CREATE UNIQUE INDEX "notification_channels_name_key" ON "notification_channels" ("name");
-- Each person chooses for web push and for e-mail: of two there would be nothing to choose by.
CREATE UNIQUE INDEX "notification_channels_one_of_each" ON "notification_channels" ("kind") WHERE "kind" IN ('web-push', 'email');

CREATE TABLE "notification_preferences" (
    "person_id" UUID NOT NULL,
    "chosen" JSONB NOT NULL,
    "quiet_hours" JSONB,
    "high_breaks_through" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "notification_preferences_pkey" PRIMARY KEY ("person_id"),
    CONSTRAINT "notification_preferences_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "push_subscriptions" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "endpoint_hash" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "device" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "last_delivered_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    CONSTRAINT "push_subscriptions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "push_subscriptions_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "push_subscriptions_person_id_endpoint_hash_key" ON "push_subscriptions" ("person_id", "endpoint_hash");
CREATE INDEX "push_subscriptions_endpoint_hash_idx" ON "push_subscriptions" ("endpoint_hash");

CREATE TABLE "notification_deliveries" (
    "id" UUID NOT NULL,
    "notice_key" TEXT NOT NULL,
    "channel_id" UUID NOT NULL,
    "person_id" UUID,
    "kind" TEXT NOT NULL,
    "tier" TEXT,
    "title" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "path" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "request_id" UUID,
    "on_call" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "tries_left" INTEGER NOT NULL DEFAULT 8,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "last_attempt_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "lease_id" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "sent_to" UUID[] NOT NULL DEFAULT '{}',
    "collapsed_into" UUID,
    "why" TEXT,
    CONSTRAINT "notification_deliveries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_deliveries_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "notification_channels"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "notification_deliveries_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "notification_deliveries_state" CHECK ("state" IN ('waiting', 'sending', 'delivered', 'collapsed', 'dropped', 'dead')),
    CONSTRAINT "notification_deliveries_collapsed" CHECK (("state" = 'collapsed') = ("collapsed_into" IS NOT NULL)),
    CONSTRAINT "notification_deliveries_lease" CHECK (("state" = 'sending') = ("lease_id" IS NOT NULL AND "lease_until" IS NOT NULL))
);
-- One event tells one person once on each channel, however often it is read.
CREATE UNIQUE INDEX "notification_deliveries_once"
    ON "notification_deliveries" ("notice_key", "channel_id", "person_id") NULLS NOT DISTINCT;
CREATE INDEX "notification_deliveries_open" ON "notification_deliveries" ("due_at") WHERE "state" IN ('waiting', 'sending');
CREATE INDEX "notification_deliveries_collapsed_into_idx" ON "notification_deliveries" ("collapsed_into");
CREATE INDEX "notification_deliveries_created_at_id_idx" ON "notification_deliveries" ("created_at", "id");
CREATE INDEX "notification_deliveries_target" ON "notification_deliveries" ("channel_id", "person_id", "last_attempt_at");

-- The first entry of the log that was not looked at yet. What was before this migration is nobody's news.
CREATE TABLE "notification_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "next_seq" BIGINT NOT NULL,
    CONSTRAINT "notification_head_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_head_one" CHECK ("id" = 1)
);
INSERT INTO "notification_head" ("id", "next_seq") SELECT 1, coalesce((SELECT "size" FROM "audit_head" WHERE "id" = 1), 0);

CREATE TABLE "on_call_orders" (
    "group" TEXT NOT NULL,
    "people" UUID[] NOT NULL,
    "next_after_minutes" INTEGER NOT NULL,
    "rotate_every_hours" INTEGER,
    "changed_by" UUID,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "on_call_orders_pkey" PRIMARY KEY ("group"),
    CONSTRAINT "on_call_orders_next" CHECK ("next_after_minutes" BETWEEN 1 AND 240),
    CONSTRAINT "on_call_orders_rotation" CHECK ("rotate_every_hours" BETWEEN 1 AND 672)
);

-- A group that is being asked for a request, person after person.
CREATE TABLE "on_call_rounds" (
    "request_id" UUID NOT NULL,
    "group" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "wanted" INTEGER NOT NULL,
    "turn" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "on_call_rounds_pkey" PRIMARY KEY ("request_id", "group"),
    CONSTRAINT "on_call_rounds_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "approval_requests"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
