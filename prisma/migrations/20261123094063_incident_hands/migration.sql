-- Who had it, as they were called then: the operator at the host has no row among the people.
ALTER TABLE "incidents" ADD COLUMN "opened_name" TEXT, ADD COLUMN "acknowledged_name" TEXT, ADD COLUMN "resolved_name" TEXT;

-- How often an identity was refused within the last hour, without reading an hour of log.
CREATE INDEX "audit_entries_refusals_idx" ON "audit_entries" ("at") WHERE "type" = 'egress.denied';
