-- A reset ties like a gift: from the account to whoever made the link, and not back. Both ways it made two admins one human
-- who had both touched a third account, or let a puppet's reset count as somebody new, by the order of their ids.

-- These accounts, the other accounts of the same humans (one subject at the provider), whoever made, gave to or reset any of
-- those, and so on upwards.
CREATE OR REPLACE FUNCTION "makers_of"("ids" uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE COST 300 AS $$
#variable_conflict use_variable
DECLARE
  now timestamptz := clock_timestamp();
  since timestamptz := now - interval '24 hours';
  found uuid[] := ids;
  more uuid[];
BEGIN
  LOOP
    more := found || ARRAY (
      SELECT p.id FROM people o JOIN people p ON p.subject = o.subject WHERE o.id = ANY (found));
    more := more || ARRAY (SELECT l.created_by FROM one_time_links l
      WHERE l.person_id = ANY (more) AND l.kind = 'reset' AND l.used_at > since AND l.created_by IS NOT NULL);
    more := more || ARRAY (SELECT t.tied_to FROM person_ties t
      WHERE t.person_id = ANY (more) AND t.confirmed_at IS NULL AND t.ends_at > now);
    more := ARRAY (SELECT DISTINCT m FROM unnest(more) m ORDER BY m);
    EXIT WHEN cardinality(more) = cardinality(found);
    found := more;
  END LOOP;
  RETURN found;
END $$;

-- Everybody who could be the same human as one of these: up to the makers, and down again to all that they made or reset.
CREATE OR REPLACE FUNCTION "accounts_of"("ids" uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE COST 300 AS $$
#variable_conflict use_variable
DECLARE
  now timestamptz := clock_timestamp();
  since timestamptz := now - interval '24 hours';
  found uuid[] := makers_of(ids);
  more uuid[];
BEGIN
  IF NOT EXISTS (SELECT FROM person_ties t WHERE t.confirmed_at IS NULL AND t.ends_at > now)
    AND NOT EXISTS (SELECT FROM one_time_links l
      WHERE l.kind = 'reset' AND l.used_at > since AND l.person_id IS NOT NULL AND l.created_by IS NOT NULL) THEN
    RETURN found;
  END IF;
  LOOP
    more := found || ARRAY (SELECT t.person_id FROM person_ties t
      WHERE t.tied_to = ANY (found) AND t.confirmed_at IS NULL AND t.ends_at > now);
    more := more || ARRAY (SELECT l.person_id FROM one_time_links l
      WHERE l.created_by = ANY (more) AND l.kind = 'reset' AND l.used_at > since AND l.person_id IS NOT NULL);
    more := more || ARRAY (
      SELECT p.id FROM people o JOIN people p ON p.subject = o.subject WHERE o.id = ANY (more));
    more := ARRAY (SELECT DISTINCT m FROM unnest(more) m ORDER BY m);
    EXIT WHEN cardinality(more) = cardinality(found);
    found := more;
  END LOOP;
  RETURN found;
END $$;

-- The humans that an account could be, one key each: at the top of its makers stand those whom nobody made, and where two made
-- each other they are one.
CREATE FUNCTION "humans_behind"("person" uuid) RETURNS text[] LANGUAGE plpgsql STABLE COST 500 AS $$
#variable_conflict use_variable
DECLARE
  makers uuid[] := makers_of(ARRAY[person]);
BEGIN
  IF cardinality(makers) = 1 THEN RETURN ARRAY[person::text]; END IF;
  RETURN ARRAY (
    SELECT DISTINCT (SELECT min(x::text) FROM unnest(up.ids) x)
    FROM unnest(makers) m CROSS JOIN LATERAL (SELECT makers_of(ARRAY[m]) AS ids) up
    WHERE NOT EXISTS (SELECT FROM unnest(up.ids) x WHERE NOT m = ANY (makers_of(ARRAY[x]))));
END $$;

-- One key for a human. Whoever could be one of two has no vote meanwhile.
CREATE OR REPLACE FUNCTION "human_key"("person" uuid) RETURNS text LANGUAGE sql STABLE COST 500 AS $$
  SELECT min(k) FROM unnest(humans_behind(person)) k
$$;

-- How many reviewers count for themselves; 1 is a solo install. As before, and: whom an admin shut out within a day counts until
-- they count for themselves again, or giving the role back would make the giver alone; and nobody reviewing is not solo.
CREATE OR REPLACE FUNCTION "reviewers_apart"() RETURNS int LANGUAGE sql STABLE COST 300 AS $$
  WITH reviewers AS (
    SELECT p.id, reviews_newly(p.id) AS is_new FROM people p WHERE p.status = 'active' AND 'reviewer' = ANY (p.roles)
  )
  SELECT CASE WHEN count(*) = 0 THEN 0
    WHEN bool_or(NOT is_new) THEN (count(*) FILTER (WHERE NOT is_new))::int
    ELSE (SELECT count(DISTINCT human_key(r.id))::int FROM reviewers r) END
    + CASE WHEN count(*) = 0 THEN 0 ELSE (SELECT count(*)::int FROM people o
      WHERE o.shut_out_at > clock_timestamp() - interval '24 hours'
        AND NOT EXISTS (SELECT FROM reviewers r WHERE r.id = o.id AND NOT r.is_new)) END
  FROM reviewers
$$;

-- Who vouches is nobody whom the maker, or whoever they made, brought in or reset within a day.
CREATE OR REPLACE FUNCTION "may_vouch"("voucher" uuid, "tie" uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM person_ties t JOIN people v ON v.id = voucher JOIN people p ON p.id = t.person_id
    WHERE t.id = tie AND v.status = 'active' AND v.roles && ARRAY['admin', 'security']::role[] AND v.created_at < t.made_at
      AND v.id <> p.id AND (v.subject IS NULL OR v.subject IS DISTINCT FROM p.subject) AND NOT is_tied(v.id)
      AND NOT (v.id = ANY (accounts_of(ARRAY[t.tied_to])))
      AND NOT EXISTS (SELECT FROM one_time_links l
        WHERE l.kind = 'reset' AND l.used_at > clock_timestamp() - interval '24 hours'
          AND (l.person_id, l.created_by) IN ((v.id, p.id), (p.id, v.id))))
$$;

-- As before; whoever could be one of two humans is counted by the same rule as the keys.
CREATE OR REPLACE FUNCTION "voter_exclusion"("voter" uuid, "agent" uuid, "owner_then" uuid, "acts_for" text, "asked_solo" boolean)
RETURNS text LANGUAGE plpgsql STABLE COST 500 AS $$
#variable_conflict use_variable
DECLARE
  who people%ROWTYPE;
  owners uuid[];
  principals uuid[];
  subjects text[];
BEGIN
  SELECT p.* INTO who FROM people p WHERE p.id = voter;
  IF NOT FOUND OR who.status <> 'active' THEN RETURN 'disabled'; END IF;
  IF NOT ('reviewer' = ANY (who.roles)) THEN RETURN 'role'; END IF;
  IF asked_solo AND reviewers_apart() = 1 AND NOT (reviews_newly(voter) AND EXISTS (
    SELECT FROM people p WHERE p.status = 'active' AND 'reviewer' = ANY (p.roles) AND NOT reviews_newly(p.id))) THEN
    RETURN NULL;
  END IF;
  owners := ARRAY (SELECT owner_then UNION SELECT a.owner_id FROM agents a WHERE a.id = agent);
  principals := CASE WHEN acts_for IS NULL THEN '{}'::uuid[] ELSE ARRAY (
    SELECT p.id FROM people p WHERE lower(btrim(acts_for)) IN (p.email, p.id::text)) END;
  IF voter = ANY (principals) THEN RETURN 'principal'; END IF;
  IF voter = ANY (owners) THEN RETURN 'owner'; END IF;
  subjects := ARRAY (
    SELECT p.subject FROM people p WHERE p.id = ANY (owners || principals) AND p.subject IS NOT NULL);
  IF who.subject = ANY (subjects) OR accounts_of(ARRAY[voter]) && (owners || principals) THEN RETURN 'same-human'; END IF;
  IF cardinality(humans_behind(voter)) > 1 THEN RETURN 'tied'; END IF;
  -- Whoever may vote in the place of the owner or the principal is their voice, also when it votes as itself.
  IF EXISTS (
    SELECT FROM delegations d JOIN people f ON f.id = d.from_id JOIN people t ON t.id = d.to_id
    WHERE d.revoked_at IS NULL AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp()
      AND (t.id = voter OR t.subject = who.subject)
      AND (f.id = ANY (owners || principals) OR f.subject = ANY (subjects))) THEN
    RETURN 'delegate';
  END IF;
  RETURN NULL;
END $$;
