-- Whether `frees` has effect in a version: two people (or the solo rule) let it in, or it was carried over from a version
-- where they did. Not the same as "somebody approved": the second person may be the host operator, who has no row.
ALTER TABLE "policy_versions"
    ADD COLUMN "frees_allowed" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "proposed_solo" BOOLEAN NOT NULL DEFAULT false;
