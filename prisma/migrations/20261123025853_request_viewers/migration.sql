-- Who is looking at a request, for 90 seconds from when their page was last heard of. Not part of any decision, and not
-- of the record: a row is overwritten, and goes an hour after it ran out.
CREATE TABLE "request_viewers" (
    "request_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "request_viewers_pkey" PRIMARY KEY ("request_id", "person_id"),
    CONSTRAINT "request_viewers_lease_check" CHECK ("until" >= "since")
);
CREATE INDEX "request_viewers_until_idx" ON "request_viewers" ("until");
