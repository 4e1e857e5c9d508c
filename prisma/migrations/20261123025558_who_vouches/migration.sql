-- Whoever makes an account, gives it a role or says how people sign in could be the one who uses it. For a day, or until
-- somebody who was here before says that it is somebody else, the two count as one human (docs/decisions/0020).
CREATE TABLE "person_ties" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "tied_to" UUID NOT NULL,
    "why" TEXT NOT NULL,
    "reviewed_before" BOOLEAN NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_by" UUID,
    "confirmed_by_name" TEXT,
    "confirmed_at" TIMESTAMPTZ(3),
    CONSTRAINT "person_ties_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "person_ties_why_check" CHECK ("why" IN ('invited', 'roles', 'enabled', 'sign-in')),
    CONSTRAINT "person_ties_two_check" CHECK ("person_id" <> "tied_to"),
    CONSTRAINT "person_ties_confirmed_check" CHECK (("confirmed_at" IS NULL) = ("confirmed_by_name" IS NULL)),
    CONSTRAINT "person_ties_by_check" CHECK ("confirmed_by" IS NULL OR "confirmed_at" IS NOT NULL)
);
CREATE INDEX "person_ties_person_id_idx" ON "person_ties" ("person_id", "ends_at") WHERE "confirmed_at" IS NULL;
CREATE INDEX "person_ties_tied_to_idx" ON "person_ties" ("tied_to", "ends_at") WHERE "confirmed_at" IS NULL;
CREATE INDEX "person_ties_ends_at_idx" ON "person_ties" ("ends_at") WHERE "confirmed_at" IS NULL;

-- Each change of who gets in and what they get, so that a later one by somebody else hides no earlier one.
CREATE TABLE "sign_in_changes" (
    "id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "sign_in_changes_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "sign_in_changes_at_idx" ON "sign_in_changes" ("at");

-- The first day of an installation: nobody is there yet who could vouch for anybody.
CREATE FUNCTION "install_is_young"() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(min(created_at) > clock_timestamp() - interval '24 hours', true) FROM people
$$;

-- As before, with the ties. The ties of `without` are left out: two people who both gave something to a third are not one
-- human when it is asked whether the one may vouch for what the other gave.
DROP FUNCTION "accounts_of"(uuid[]);
CREATE FUNCTION "accounts_of"("ids" uuid[], "without" uuid DEFAULT NULL) RETURNS uuid[] LANGUAGE plpgsql STABLE COST 300 AS $$
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
    IF EXISTS (SELECT FROM person_ties t WHERE t.confirmed_at IS NULL AND t.ends_at > now) THEN
      more := more || ARRAY (
        SELECT CASE WHEN t.person_id = ANY (more) THEN t.tied_to ELSE t.person_id END FROM person_ties t
        WHERE t.confirmed_at IS NULL AND t.ends_at > now AND t.person_id IS DISTINCT FROM without
          AND (t.person_id = ANY (more) OR t.tied_to = ANY (more)));
    END IF;
    more := ARRAY (SELECT DISTINCT m FROM unnest(more) m ORDER BY m);
    EXIT WHEN cardinality(more) = cardinality(found);
    found := more;
  END LOOP;
  RETURN found;
END $$;

-- Whether somebody reviews only since a tie that still holds.
CREATE FUNCTION "reviews_newly"("person" uuid) RETURNS boolean LANGUAGE sql STABLE COST 100 AS $$
  SELECT EXISTS (SELECT FROM person_ties t WHERE t.person_id = person AND NOT t.reviewed_before
    AND t.confirmed_at IS NULL AND t.ends_at > clock_timestamp())
$$;

-- How many reviewers count for themselves; 1 is a solo install. Whoever reviews newly does not end it, or the log would say
-- that two people looked where perhaps one did. Where all of them are new, each human among them counts.
CREATE FUNCTION "reviewers_apart"() RETURNS int LANGUAGE sql STABLE COST 300 AS $$
  WITH reviewers AS (
    SELECT p.id, reviews_newly(p.id) AS is_new FROM people p WHERE p.status = 'active' AND 'reviewer' = ANY (p.roles)
  )
  SELECT CASE WHEN bool_or(NOT is_new) THEN (count(*) FILTER (WHERE NOT is_new))::int
    ELSE (SELECT count(DISTINCT human_key(r.id))::int FROM reviewers r) END
  FROM reviewers
$$;

-- As before; what a solo install allows, it allows to the one who reviewed before.
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

-- Nobody vouches for themselves, for what they gave, or while they need somebody to vouch for them: the use-case says it
-- with a sentence, the database says it again.
CREATE FUNCTION "person_ties_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.person_id <> OLD.person_id OR NEW.tied_to <> OLD.tied_to OR OLD.confirmed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a tie is confirmed once and otherwise stays as it is';
  END IF;
  IF NEW.confirmed_by IS NOT NULL AND NOT may_vouch(NEW.confirmed_by, OLD.id) THEN
    RAISE EXCEPTION 'whoever confirms must have been here before, apart from both';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION "may_vouch"("voucher" uuid, "tie" uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM person_ties t JOIN people v ON v.id = voucher
    WHERE t.id = tie AND v.status = 'active' AND v.roles && ARRAY['admin', 'security']::role[] AND v.created_at < t.made_at
      AND NOT (voucher = ANY (accounts_of(ARRAY[t.person_id, t.tied_to], t.person_id)))
      AND NOT EXISTS (SELECT FROM person_ties o
        WHERE o.person_id = voucher AND o.confirmed_at IS NULL AND o.ends_at > clock_timestamp()))
$$;
CREATE TRIGGER "person_ties_guard" BEFORE UPDATE ON "person_ties" FOR EACH ROW EXECUTE FUNCTION person_ties_guard();
