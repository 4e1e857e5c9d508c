-- Alone is who is alone when a restore is opened and when it is completed: an install that is solo for a moment must not
-- let one person do what takes two.
ALTER TABLE "kill_restores" ADD COLUMN "opened_solo" BOOLEAN NOT NULL DEFAULT false;
