-- Connections through the egress proxy are calls as well: they can be held, and a request says which way it came.
ALTER TABLE "approval_requests" DROP CONSTRAINT "approval_requests_via_check";
ALTER TABLE "approval_requests"
    ADD CONSTRAINT "approval_requests_via_check" CHECK ("via" IN ('mcp', 'decision-api', 'egress-proxy'));
