-- A call's id says when it was made. A plant's said when it was due, and so told it from a call by the seconds, or hours, until
-- a worker opened it. The time in it may be set until there is a request; the random part, which the log commits to, may not.
CREATE OR REPLACE FUNCTION "plant_stays_marked"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a planted request stays marked'; END IF;
  IF NEW.commitment IS DISTINCT FROM OLD.commitment
    OR (NEW.call_id IS DISTINCT FROM OLD.call_id AND (OLD.judged_at IS NOT NULL
      OR substr(NEW.call_id::text, 15) <> substr(OLD.call_id::text, 15)
      OR EXISTS (SELECT FROM approval_requests r WHERE r.call_id = OLD.call_id)))
    OR (OLD.judged_at IS NOT NULL AND (NEW.outcome, NEW.judged_at) IS DISTINCT FROM (OLD.outcome, OLD.judged_at)) THEN
    RAISE EXCEPTION 'a planted request stays marked';
  END IF;
  RETURN NEW;
END $$;
