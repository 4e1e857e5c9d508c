-- What was decided is listed and searched newest first, a page at a time: without this every page sorts them all.
CREATE INDEX "approval_requests_requested_at_id_idx" ON "approval_requests" ("requested_at", "id");
