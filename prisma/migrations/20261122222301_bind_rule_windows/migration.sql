-- A window over a rule is for the rule that two people saw: by its content, not by a name that another rule may take.
ALTER TABLE "observe_windows" ADD COLUMN "rule_hash" TEXT;

-- Of those opened before, nobody can tell for which rule; the rules enforce.
UPDATE "observe_windows" SET "ended_at" = clock_timestamp() WHERE "scope" LIKE 'rule:%' AND "ended_at" IS NULL;
ALTER TABLE "observe_windows" ADD CONSTRAINT "observe_windows_rule_check"
    CHECK ("scope" NOT LIKE 'rule:%' OR "rule_hash" ~ '^[0-9a-f]{64}$' OR "ended_at" IS NOT NULL);
