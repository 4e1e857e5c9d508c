-- AlterTable
ALTER TABLE "break_glass" ADD COLUMN     "overdue_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "break_glass_person_id_idx" ON "break_glass"("person_id");

-- CreateIndex
CREATE INDEX "webauthn_challenges_expires_at_idx" ON "webauthn_challenges"("expires_at");

-- By hand from here: what the schema language cannot say.
ALTER TABLE "break_glass"
    ADD CONSTRAINT "break_glass_review_check" CHECK (("reviewed_at" IS NULL) = ("reviewed_by" IS NULL));
-- One emergency at a time: two open ones would be thirty minutes.
CREATE UNIQUE INDEX "break_glass_one_open" ON "break_glass"("person_id") WHERE "ended_at" IS NULL;
