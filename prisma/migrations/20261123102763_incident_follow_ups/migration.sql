-- What the log says of an incident after it was opened: turned on again, accepted, rotated, reviewed.
ALTER TABLE "incident_events" DROP CONSTRAINT "incident_events_kind",
    ADD CONSTRAINT "incident_events_kind"
        CHECK ("kind" IN ('opened', 'signal', 'reopened', 'acknowledged', 'step', 'note', 'log', 'resolved'));
