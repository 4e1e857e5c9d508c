-- Two people who both gave something to a third stay two: a tie reaches from an account to whoever made it, and from them to
-- everybody else they made, but not from one maker through what they share to another.

-- These accounts, the other accounts of the same humans (one subject at the provider; a reset, for a day), whoever made or
-- gave to any of those, and so on upwards.
CREATE FUNCTION "makers_of"("ids" uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE COST 300 AS $$
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
    IF EXISTS (SELECT FROM one_time_links l
        WHERE l.kind = 'reset' AND l.used_at > since AND l.person_id IS NOT NULL AND l.created_by IS NOT NULL) THEN
      more := more || ARRAY (
        SELECT CASE WHEN l.person_id = ANY (more) THEN l.created_by ELSE l.person_id END FROM one_time_links l
        WHERE l.kind = 'reset' AND l.used_at > since AND l.person_id IS NOT NULL AND l.created_by IS NOT NULL
          AND (l.person_id = ANY (more) OR l.created_by = ANY (more)));
    END IF;
    more := more || ARRAY (SELECT t.tied_to FROM person_ties t
      WHERE t.person_id = ANY (more) AND t.confirmed_at IS NULL AND t.ends_at > now);
    more := ARRAY (SELECT DISTINCT m FROM unnest(more) m ORDER BY m);
    EXIT WHEN cardinality(more) = cardinality(found);
    found := more;
  END LOOP;
  RETURN found;
END $$;

-- Everybody who could be the same human as one of these: up to the makers, and down again to all that they made.
DROP FUNCTION "accounts_of"(uuid[], uuid);
CREATE FUNCTION "accounts_of"("ids" uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE COST 300 AS $$
#variable_conflict use_variable
DECLARE
  now timestamptz := clock_timestamp();
  since timestamptz := now - interval '24 hours';
  found uuid[] := makers_of(ids);
  more uuid[];
BEGIN
  IF NOT EXISTS (SELECT FROM person_ties t WHERE t.confirmed_at IS NULL AND t.ends_at > now) THEN RETURN found; END IF;
  LOOP
    more := found || ARRAY (SELECT t.person_id FROM person_ties t
      WHERE t.tied_to = ANY (found) AND t.confirmed_at IS NULL AND t.ends_at > now);
    more := more || ARRAY (
      SELECT p.id FROM people o JOIN people p ON p.subject = o.subject WHERE o.id = ANY (more));
    more := more || ARRAY (
      SELECT CASE WHEN l.person_id = ANY (more) THEN l.created_by ELSE l.person_id END FROM one_time_links l
      WHERE l.kind = 'reset' AND l.used_at > since AND l.person_id IS NOT NULL AND l.created_by IS NOT NULL
        AND (l.person_id = ANY (more) OR l.created_by = ANY (more)));
    more := ARRAY (SELECT DISTINCT m FROM unnest(more) m ORDER BY m);
    EXIT WHEN cardinality(more) = cardinality(found);
    found := more;
  END LOOP;
  RETURN found;
END $$;

CREATE FUNCTION "is_tied"("person" uuid) RETURNS boolean LANGUAGE sql STABLE COST 100 AS $$
  SELECT EXISTS (SELECT FROM person_ties t
    WHERE t.person_id = person AND t.confirmed_at IS NULL AND t.ends_at > clock_timestamp())
$$;

-- One key for a human: of an account that is tied, the key of who made it. Whoever is tied to two has no vote meanwhile.
CREATE OR REPLACE FUNCTION "human_key"("person" uuid) RETURNS text LANGUAGE sql STABLE COST 300 AS $$
  SELECT coalesce(min(a::text) FILTER (WHERE NOT is_tied(a)), min(a::text)) FROM unnest(makers_of(ARRAY[person])) a
$$;

CREATE OR REPLACE FUNCTION "may_vouch"("voucher" uuid, "tie" uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM person_ties t JOIN people v ON v.id = voucher JOIN people p ON p.id = t.person_id
    WHERE t.id = tie AND v.status = 'active' AND v.roles && ARRAY['admin', 'security']::role[] AND v.created_at < t.made_at
      AND v.id <> p.id AND (v.subject IS NULL OR v.subject IS DISTINCT FROM p.subject) AND NOT is_tied(v.id)
      AND NOT (v.id = ANY (makers_of(ARRAY[t.tied_to])))
      AND NOT EXISTS (SELECT FROM one_time_links l
        WHERE l.kind = 'reset' AND l.used_at > clock_timestamp() - interval '24 hours'
          AND (l.person_id, l.created_by) IN ((v.id, p.id), (p.id, v.id))))
$$;

-- As before; whoever is tied to two people who count apart could be either, and votes once one of the ties is confirmed.
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
  IF is_tied(voter) AND (SELECT count(DISTINCT human_key(m)) FROM unnest(makers_of(ARRAY[voter])) m
    WHERE NOT is_tied(m)) > 1 THEN RETURN 'tied'; END IF;
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
