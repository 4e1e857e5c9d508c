-- When an admin took a reviewer out: for a day they still count, so that nobody becomes the only reviewer by their own hand.
ALTER TABLE "people" ADD COLUMN "shut_out_at" TIMESTAMPTZ(3);

-- As before, with the reviewers whom an admin shut out within a day.
CREATE OR REPLACE FUNCTION "reviewers_apart"() RETURNS int LANGUAGE sql STABLE COST 300 AS $$
  WITH reviewers AS (
    SELECT p.id, reviews_newly(p.id) AS is_new FROM people p WHERE p.status = 'active' AND 'reviewer' = ANY (p.roles)
  )
  SELECT CASE WHEN bool_or(NOT is_new) THEN (count(*) FILTER (WHERE NOT is_new))::int
    ELSE (SELECT count(DISTINCT human_key(r.id))::int FROM reviewers r) END
    + (SELECT count(*)::int FROM people o WHERE o.shut_out_at > clock_timestamp() - interval '24 hours'
      AND NOT (o.status = 'active' AND 'reviewer' = ANY (o.roles)))
  FROM reviewers
$$;
