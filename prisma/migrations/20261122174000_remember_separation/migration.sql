-- Whether the install was solo when the request was opened. Requests that stand from before count as asked under full
-- separation: an admin must not be able to free a waiting call by disabling the other reviewer.
ALTER TABLE "approval_requests" ADD COLUMN "opened_solo" BOOLEAN NOT NULL DEFAULT false;
