-- Who made a call easier to run, and when: for a day they may not be the ones who let it run. And whether somebody was alone
-- when they opened what needs a second person: the solo rule holds only for what was opened while solo.
ALTER TABLE "observe_windows" ADD COLUMN "opened_solo" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "break_glass" ADD COLUMN "opened_solo" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "settings"
    ADD COLUMN "break_glass_changed_by" UUID,
    ADD COLUMN "break_glass_changed_at" TIMESTAMPTZ(3),
    ADD COLUMN "break_glass_changed_solo" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "undo_high_lowered_by" UUID,
    ADD COLUMN "undo_high_lowered_at" TIMESTAMPTZ(3),
    ADD COLUMN "undo_high_s_before" INTEGER;
ALTER TABLE "people"
    ADD COLUMN "groups_changed_by" UUID,
    ADD COLUMN "groups_changed_at" TIMESTAMPTZ(3),
    ADD COLUMN "groups_changed_solo" BOOLEAN NOT NULL DEFAULT false;

-- Each change of what a tool counts as, by its own tag or by its server's tier, so that a later one hides no earlier one.
CREATE TABLE "tool_tag_changes" (
    "id" UUID NOT NULL,
    "tool_id" UUID NOT NULL,
    "by_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "tier_before" "tier" NOT NULL,
    "class_before" TEXT NOT NULL,
    "tier" "tier" NOT NULL,
    "action_class" TEXT NOT NULL,
    CONSTRAINT "tool_tag_changes_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "tool_tag_changes_tool_id_at_idx" ON "tool_tag_changes" ("tool_id", "at");
