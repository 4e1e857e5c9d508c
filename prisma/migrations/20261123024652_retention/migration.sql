-- How long the sealed arguments and results beside the log are kept. The log itself is never erased.
CREATE TABLE "retention_changes" (
    "id" UUID NOT NULL,
    "payload_days" INTEGER,
    "payload_days_before" INTEGER,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'proposed',
    "proposed_by" UUID NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "proposed_solo" BOOLEAN NOT NULL DEFAULT false,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "effective_at" TIMESTAMPTZ(3),
    CONSTRAINT "retention_changes_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "retention_changes_status_check" CHECK ("status" IN ('proposed', 'approved', 'withdrawn')),
    CONSTRAINT "retention_changes_decided_check" CHECK (("status" = 'proposed') = ("decided_at" IS NULL)),
    CONSTRAINT "retention_changes_effective_check" CHECK ("status" <> 'approved' OR "effective_at" IS NOT NULL),
    CONSTRAINT "retention_changes_two_people_check"
      CHECK ("status" <> 'approved' OR "proposed_solo" OR ("decided_by" IS NOT NULL AND "decided_by" <> "proposed_by")),
    -- Simulations look thirty days back: what they read must not be gone.
    CONSTRAINT "retention_changes_days_check" CHECK ("payload_days" BETWEEN 30 AND 3650)
);
CREATE INDEX "retention_changes_status_idx" ON "retention_changes" ("status", "effective_at");
-- One change at a time: a second one would be approved against a preview that the first has made wrong.
CREATE UNIQUE INDEX "retention_changes_open_key" ON "retention_changes" ((true)) WHERE "status" = 'proposed';

-- Rows come in the order of time, so a few pages of index say where the old ones lie.
CREATE INDEX "audit_payloads_created_at_idx" ON "audit_payloads" USING brin ("created_at");

ALTER TABLE "approval_requests" ADD COLUMN "args_erased_at" TIMESTAMPTZ(3);

-- Before which time payloads may go; null: none may.
CREATE FUNCTION retention_cutoff() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT clock_timestamp() - make_interval(days => payload_days) FROM retention_changes
  WHERE status = 'approved' AND effective_at <= clock_timestamp() ORDER BY effective_at DESC, id DESC LIMIT 1
$$;

-- Evidence goes only by the rule that two people made, whoever asks: a worker that errs, or somebody at the database's
-- prompt who forgets a WHERE.
CREATE FUNCTION audit_payloads_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  cutoff timestamptz := retention_cutoff();
BEGIN
  IF TG_OP = 'DELETE' AND cutoff IS NOT NULL AND OLD.created_at < cutoff THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'sealed payloads go by the retention rule alone: % is refused', TG_OP
    USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_payloads_by_rule" BEFORE UPDATE OR DELETE ON "audit_payloads"
  FOR EACH ROW EXECUTE FUNCTION audit_payloads_guard();
CREATE TRIGGER "audit_payloads_no_truncate" BEFORE TRUNCATE ON "audit_payloads"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
