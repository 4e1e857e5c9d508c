-- A link that reset an account ties it to its maker for a day; one that invited somebody does not. On the first day of an
-- install everybody was invited by the same admin, and nobody could have decided about that admin's agents. An invitation is
-- on record, and the host's operator can make links that tie nobody.
CREATE OR REPLACE FUNCTION "accounts_of"("ids" uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE COST 300 AS $$
#variable_conflict use_variable
DECLARE
  since timestamptz := clock_timestamp() - interval '24 hours';
  found uuid[] := ids;
  more uuid[];
BEGIN
  LOOP
    more := found || ARRAY (
      SELECT p.id FROM people o JOIN people p ON p.subject = o.subject WHERE o.id = ANY (found));
    IF EXISTS (SELECT FROM one_time_links l
        WHERE l.kind = 'reset' AND l.used_at > since AND l.person_id IS NOT NULL AND l.created_by IS NOT NULL) THEN
      more := more || ARRAY (
        SELECT CASE WHEN l.person_id = ANY (more) THEN l.created_by ELSE l.person_id END FROM one_time_links l
        WHERE l.kind = 'reset' AND l.used_at > since AND l.person_id IS NOT NULL AND l.created_by IS NOT NULL
          AND (l.person_id = ANY (more) OR l.created_by = ANY (more)));
    END IF;
    more := ARRAY (SELECT DISTINCT m FROM unnest(more) m ORDER BY m);
    EXIT WHEN cardinality(more) = cardinality(found);
    found := more;
  END LOOP;
  RETURN found;
END $$;
