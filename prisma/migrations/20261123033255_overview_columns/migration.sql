-- Waiting times, people and tools of columns that are over, worked out once: a month of them is a sort of a hundred thousand
-- requests, and a day's percentiles cannot be had from its hours'.
CREATE TABLE "overview_columns" (
    "bucket_s" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(0) NOT NULL,
    "facts" JSONB NOT NULL,
    CONSTRAINT "overview_columns_pkey" PRIMARY KEY ("bucket_s", "at")
);
-- One's own figures, asked for by everybody who decides.
CREATE INDEX "votes_person_id_cast_at_idx" ON "votes" ("person_id", "cast_at");
