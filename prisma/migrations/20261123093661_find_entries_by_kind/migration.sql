-- The timeline by kind, by the policy version that judged, and by host.

-- Of a hundred million entries nearly all are calls: whoever looks for a turn of the switch or an emergency must not walk
-- over them. What comes in floods stays out, so that a call costs no more to write; there the newest page is soon full.
CREATE INDEX "audit_entries_type_seq_idx" ON "audit_entries" ("type", "seq")
    WHERE "type" NOT IN ('call.intent', 'call.outcome', 'call.refused', 'grant.used');

-- Both are in the entry's text already; as columns they can be found. The sequencer fills them from now on.
ALTER TABLE "audit_entries" ADD COLUMN "policy_version" INTEGER, ADD COLUMN "host" TEXT;

-- What was written before gets them too: a search that leaves out the past without a word is worse than none. Only these
-- two columns are written: the text, its leaf and with them the tree stay what they are, which every proof still shows.
ALTER TABLE "audit_entries" DISABLE TRIGGER "audit_entries_append_only";
UPDATE "audit_entries" SET
    "policy_version" = substring("entry" FROM '"policy":\{[^{}]*"ver":([0-9]{1,9})\}')::integer,
    "host" = CASE WHEN starts_with("type", 'egress.') THEN ("entry"::jsonb -> 'detail') ->> 'host' END
    WHERE position('"policy":{' IN "entry") > 0 OR starts_with("type", 'egress.');
ALTER TABLE "audit_entries" ENABLE TRIGGER "audit_entries_append_only";

CREATE INDEX "audit_entries_policy_version_seq_idx" ON "audit_entries" ("policy_version", "seq")
    WHERE "policy_version" IS NOT NULL;
CREATE INDEX "audit_entries_host_seq_idx" ON "audit_entries" ("host", "seq") WHERE "host" IS NOT NULL;
