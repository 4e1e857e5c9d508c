-- What somebody must look at, how it went, and how far the log was read for it.
CREATE TABLE "incidents" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "subject" JSONB NOT NULL,
    "drill" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "version" INTEGER NOT NULL DEFAULT 1,
    "count" INTEGER NOT NULL DEFAULT 1,
    "round" INTEGER NOT NULL DEFAULT 1,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "opened_by" UUID,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" UUID,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" UUID,
    "resolution" TEXT,
    CONSTRAINT "incidents_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "incidents_severity" CHECK ("severity" IN ('high', 'medium', 'low')),
    CONSTRAINT "incidents_state" CHECK ("state" IN ('open', 'acknowledged', 'resolved')),
    CONSTRAINT "incidents_resolved" CHECK (("state" = 'resolved') = ("resolved_at" IS NOT NULL AND "resolution" IS NOT NULL)),
    CONSTRAINT "incidents_acknowledged" CHECK ("state" <> 'acknowledged' OR "acknowledged_at" IS NOT NULL),
    CONSTRAINT "incidents_count" CHECK ("count" > 0 AND "round" > 0)
);
-- A second signal raises the count of the one that is open. A drill never swallows what is real.
CREATE UNIQUE INDEX "incidents_one_open" ON "incidents" ("key", "drill") WHERE "state" <> 'resolved';
CREATE INDEX "incidents_key_idx" ON "incidents" ("key", "resolved_at");
CREATE INDEX "incidents_opened_at_id_idx" ON "incidents" ("opened_at", "id");

-- How it went. What a person wrote or did stands here as it stood then.
CREATE TABLE "incident_events" (
    "id" BIGSERIAL NOT NULL,
    "incident_id" UUID NOT NULL,
    "round" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "kind" TEXT NOT NULL,
    "by_id" UUID,
    "by_name" TEXT NOT NULL,
    "step" TEXT,
    "words" TEXT,
    "subject" JSONB,
    CONSTRAINT "incident_events_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "incident_events_kind"
        CHECK ("kind" IN ('opened', 'signal', 'reopened', 'acknowledged', 'step', 'note', 'resolved')),
    CONSTRAINT "incident_events_step" CHECK (("kind" = 'step') = ("step" IS NOT NULL)),
    CONSTRAINT "incident_events_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE INDEX "incident_events_incident_id_idx" ON "incident_events" ("incident_id", "id");
-- A step is done once, whoever presses first; after a reopening it can be done again.
CREATE UNIQUE INDEX "incident_events_step_once" ON "incident_events" ("incident_id", "round", "step") WHERE "kind" = 'step';
-- The story of an incident only grows.
CREATE FUNCTION "incident_story_grows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what happened in an incident cannot be changed';
END $$;
CREATE TRIGGER "incident_story_grows" BEFORE UPDATE OR DELETE ON "incident_events"
  FOR EACH ROW EXECUTE FUNCTION "incident_story_grows"();

-- The first entry of the log that was not looked at yet. What was before this migration opens nothing.
CREATE TABLE "incident_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "next_seq" BIGINT NOT NULL,
    CONSTRAINT "incident_head_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "incident_head_one" CHECK ("id" = 1)
);
INSERT INTO "incident_head" ("id", "next_seq") SELECT 1, coalesce((SELECT "size" FROM "audit_head" WHERE "id" = 1), 0);
