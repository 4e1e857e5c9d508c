-- The connection that a held call came by, so that a quarantine ends what that session waits for and nothing else.
ALTER TABLE "approval_requests" ADD COLUMN "session_name" TEXT;
