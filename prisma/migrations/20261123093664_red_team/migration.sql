-- What the red team is set up with. One row; the agents' secrets and the canary are sealed with the master key.
CREATE TABLE "red_team_settings" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "agent_id" UUID,
    "drill_agent_id" UUID,
    "server_id" UUID,
    "vault_server_id" UUID,
    "sealed" BYTEA,
    "set_up_by" TEXT,
    "set_up_at" TIMESTAMPTZ(3),
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "scheduled_since" TIMESTAMPTZ(3),
    "next_at" TIMESTAMPTZ(3),
    "changed_by" TEXT,
    "changed_at" TIMESTAMPTZ(3),
    CONSTRAINT "red_team_settings_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "red_team_settings_one" CHECK ("id" = 1),
    CONSTRAINT "red_team_settings_whole" CHECK (("set_up_at" IS NULL) = ("sealed" IS NULL) AND ("sealed" IS NULL) = ("agent_id" IS NULL)),
    CONSTRAINT "red_team_settings_scheduled" CHECK (NOT "enabled" OR ("next_at" IS NOT NULL AND "scheduled_since" IS NOT NULL AND "agent_id" IS NOT NULL))
);
INSERT INTO "red_team_settings" ("id") VALUES (1);

CREATE TABLE "red_team_runs" (
    "id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "started_at" TIMESTAMPTZ(3),
    "beat_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "previous_id" UUID,
    "build" TEXT,
    "policy_version" INTEGER,
    "planned" INTEGER NOT NULL DEFAULT 0,
    "light" TEXT,
    "held" INTEGER,
    "counted" INTEGER,
    "tripped" BOOLEAN,
    "trouble" TEXT,
    CONSTRAINT "red_team_runs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "red_team_runs_previous_id_fkey" FOREIGN KEY ("previous_id") REFERENCES "red_team_runs"("id"),
    CONSTRAINT "red_team_runs_state" CHECK ("state" IN ('waiting', 'running', 'finished', 'broken-off')),
    CONSTRAINT "red_team_runs_cause" CHECK ("cause" IN ('person', 'schedule', 'change')),
    CONSTRAINT "red_team_runs_light" CHECK ("light" IN ('green', 'amber', 'red')),
    CONSTRAINT "red_team_runs_ended" CHECK (("finished_at" IS NULL) = ("state" IN ('waiting', 'running'))),
    CONSTRAINT "red_team_runs_judged" CHECK ("state" <> 'finished' OR ("light" IS NOT NULL AND "held" IS NOT NULL AND "counted" IS NOT NULL AND "tripped" IS NOT NULL))
);
-- One at a time, however many workers there are and whoever asks.
CREATE UNIQUE INDEX "red_team_runs_one_open" ON "red_team_runs" ((true)) WHERE "finished_at" IS NULL;
CREATE INDEX "red_team_runs_finished_at_idx" ON "red_team_runs" ("finished_at");

CREATE TABLE "red_team_results" (
    "run_id" UUID NOT NULL,
    "scenario" TEXT NOT NULL,
    "family" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "standing" TEXT NOT NULL,
    "observed" JSONB NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "red_team_results_pkey" PRIMARY KEY ("run_id", "scenario"),
    CONSTRAINT "red_team_results_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "red_team_runs"("id"),
    CONSTRAINT "red_team_results_verdict" CHECK ("verdict" IN ('pass', 'weak', 'vacuous', 'error', 'fail')),
    CONSTRAINT "red_team_results_standing" CHECK ("standing" IN ('holds', 'recovered', 'weak', 'known-gap', 'regressed', 'open', 'unproven'))
);
-- What was observed stays as it was written down.
CREATE FUNCTION "red_team_result_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a result of the red team stays as it is'; END $$;
CREATE TRIGGER "red_team_result_stays" BEFORE UPDATE OR DELETE ON "red_team_results"
  FOR EACH ROW EXECUTE FUNCTION "red_team_result_stays"();

CREATE TABLE "red_team_gaps" (
    "id" UUID NOT NULL,
    "scenario" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "accepted_by" TEXT NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "until" TIMESTAMPTZ(3) NOT NULL,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    CONSTRAINT "red_team_gaps_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "red_team_gaps_until" CHECK ("until" <= "accepted_at" + interval '91 days'),
    CONSTRAINT "red_team_gaps_ended" CHECK (("ended_by" IS NULL) = ("ended_at" IS NULL))
);
CREATE UNIQUE INDEX "red_team_gaps_one_each" ON "red_team_gaps" ("scenario") WHERE "ended_at" IS NULL;

-- The agents of the red team: what they ask for is in the log and in no figure about real calls.
CREATE FUNCTION "red_team_agents"() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(a.name), '{}') FROM red_team_settings s JOIN agents a ON a.id IN (s.agent_id, s.drill_agent_id)
$$;
CREATE FUNCTION "red_team_agent_ids"() RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT array_remove(ARRAY[s.agent_id, s.drill_agent_id], NULL) FROM red_team_settings s WHERE s.id = 1
$$;
CREATE FUNCTION "red_team_server_ids"() RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT array_remove(ARRAY[s.server_id, s.vault_server_id], NULL) FROM red_team_settings s WHERE s.id = 1
$$;
-- Whether an entry of the log is part of a run: what its agents did while it was under way, and the stop of the drill's agent.
-- Nobody is told of it and it is no incident of its own. Outside of a run the same agents are agents like any other.
CREATE FUNCTION "red_team_played"("type" text, "agent" text, "entry" text, "moment" timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (coalesce(agent, '') = ANY (red_team_agents())
      OR (type IN ('kill.on', 'kill.off') AND position('"scope":"agent:red-team-drill"' IN entry) > 0
        AND position('"name":"red team"' IN entry) > 0))
    AND EXISTS (SELECT FROM red_team_runs r
      WHERE r.started_at <= moment AND moment <= coalesce(r.finished_at, clock_timestamp()) + interval '2 seconds')
$$;
