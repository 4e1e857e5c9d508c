-- When somebody gave a waiting request more time. Once: a request that can be kept open for ever is a hole that waits for
-- the tired reviewer.
ALTER TABLE "approval_requests" ADD COLUMN "extended_at" TIMESTAMPTZ(3);
