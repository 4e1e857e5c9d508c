-- How long a vote on a grant counts is the hold's to say, as for a request. Grants from before were counted by 900 s.
ALTER TABLE "grants" ADD COLUMN "vote_ttl_s" INTEGER NOT NULL DEFAULT 900;
