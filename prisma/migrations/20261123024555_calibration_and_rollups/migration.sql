-- Charts over a month must not read a month of log: the worker counts entries once, by hour, as they get their number.
CREATE TABLE "overview_hours" (
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "tier" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    CONSTRAINT "overview_hours_pkey" PRIMARY KEY ("hour", "tier", "kind")
);
-- One row: the first entry that is not counted yet.
CREATE TABLE "overview_cursor" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "next_seq" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "overview_cursor_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "overview_cursor_one" CHECK ("id" = 1)
);
INSERT INTO "overview_cursor" ("id") VALUES (1);
-- What an entry counts as; NULL = nothing. A call is counted once: when it ran unasked, when it was held, or when it was refused.
CREATE FUNCTION "overview_kind"("type" text, "request" uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN type = 'call.intent' AND request IS NULL THEN 'ran'
    WHEN type = 'request.opened' THEN 'held'
    WHEN type = 'call.refused' AND request IS NULL THEN 'refused'
    WHEN type = 'request.approved' THEN 'approved'
    WHEN type IN ('request.denied', 'request.vetoed') THEN 'denied'
    WHEN type = 'request.expired' THEN 'expired'
  END
$$;

-- The range of a chart, without the table.
CREATE INDEX "approval_requests_decided_at_idx" ON "approval_requests" ("decided_at") INCLUDE ("requested_at", "server_name", "tool_name", "status", "tier");
CREATE INDEX "votes_cast_at_idx" ON "votes" ("cast_at");

-- When somebody first had a request before them: from then on their time counts.
CREATE TABLE "request_views" (
    "request_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "request_views_pkey" PRIMARY KEY ("request_id", "person_id"),
    CONSTRAINT "request_views_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "approval_requests"("id"),
    CONSTRAINT "request_views_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id")
);

-- Planted requests. Which request is a plant stands here alone, and no answer of ours tells it before it is judged.
CREATE TABLE "calibration_settings" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "per_week" INTEGER NOT NULL DEFAULT 2,
    "server_id" UUID,
    "planned_until" TIMESTAMPTZ(3),
    "changed_by" TEXT,
    "changed_at" TIMESTAMPTZ(3),
    CONSTRAINT "calibration_settings_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "calibration_settings_one" CHECK ("id" = 1),
    CONSTRAINT "calibration_settings_per_week" CHECK ("per_week" BETWEEN 1 AND 20),
    CONSTRAINT "calibration_settings_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers"("id")
);
INSERT INTO "calibration_settings" ("id") VALUES (1);

CREATE TABLE "calibration_plants" (
    "id" UUID NOT NULL,
    "call_id" UUID NOT NULL,
    "pattern" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "commitment" TEXT NOT NULL,
    "planted_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "judged_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "why" TEXT,
    CONSTRAINT "calibration_plants_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "calibration_plants_outcome" CHECK ("outcome" IN ('caught', 'missed', 'expired', 'void')),
    CONSTRAINT "calibration_plants_judged" CHECK (("judged_at" IS NULL) = ("outcome" IS NULL))
);
CREATE UNIQUE INDEX "calibration_plants_call_id_key" ON "calibration_plants" ("call_id");
CREATE INDEX "calibration_plants_open_idx" ON "calibration_plants" ("due_at") WHERE "judged_at" IS NULL;

-- What each reviewer did with a plant, told to them once it is judged.
CREATE TABLE "calibration_results" (
    "plant_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "caught" BOOLEAN NOT NULL,
    "dwell_ms" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "seen_at" TIMESTAMPTZ(3),
    CONSTRAINT "calibration_results_pkey" PRIMARY KEY ("plant_id", "person_id"),
    CONSTRAINT "calibration_results_plant_id_fkey" FOREIGN KEY ("plant_id") REFERENCES "calibration_plants"("id"),
    CONSTRAINT "calibration_results_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id")
);
CREATE INDEX "calibration_results_person_id_idx" ON "calibration_results" ("person_id", "at");

-- The sink. A plant that people approve goes nowhere: whoever tries to use the approval updates no row, whatever the registry,
-- the votes and the agent's rights say by then.
CREATE FUNCTION "plant_ends_here"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM calibration_plants p WHERE p.call_id = NEW.call_id) THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "plant_ends_here" BEFORE UPDATE ON "approval_requests"
  FOR EACH ROW WHEN (NEW.status IN ('consumed', 'succeeded', 'failed', 'unknown-outcome') AND NEW.status IS DISTINCT FROM OLD.status)
  EXECUTE FUNCTION "plant_ends_here"();
-- A mark cannot be taken off, and what was judged stays judged.
CREATE FUNCTION "plant_stays_marked"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a planted request stays marked'; END IF;
  IF NEW.call_id IS DISTINCT FROM OLD.call_id OR NEW.commitment IS DISTINCT FROM OLD.commitment
    OR (OLD.judged_at IS NOT NULL AND (NEW.outcome, NEW.judged_at) IS DISTINCT FROM (OLD.outcome, OLD.judged_at)) THEN
    RAISE EXCEPTION 'a planted request stays marked';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "plant_stays_marked" BEFORE UPDATE OR DELETE ON "calibration_plants"
  FOR EACH ROW EXECUTE FUNCTION "plant_stays_marked"();
