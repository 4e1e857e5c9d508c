-- How a session goes on: the sign-in it came from, and when it ends once its id was replaced. A command line that a
-- browser confirmed belongs to that browser's sign-in, and ends with it.
ALTER TABLE "person_sessions" ADD COLUMN "sign_in_id" UUID;
ALTER TABLE "person_sessions" ADD COLUMN "ends_at" TIMESTAMPTZ(3);
ALTER TABLE "cli_logins" ADD COLUMN "sign_in_id" UUID;
UPDATE "person_sessions" SET "sign_in_id" = "id" WHERE "kind" = 'browser';
CREATE INDEX "person_sessions_sign_in_id_idx" ON "person_sessions" ("sign_in_id");

-- The account that a link made or reset; NULL also where a link was used up because a newer one took its place.
ALTER TABLE "one_time_links" ADD COLUMN "person_id" UUID;
CREATE INDEX "one_time_links_person_id_idx" ON "one_time_links" ("person_id");
CREATE INDEX "one_time_links_redeemed_idx" ON "one_time_links" ("used_at") WHERE "person_id" IS NOT NULL AND "created_by" IS NOT NULL;

-- These accounts and every other account of the same humans: those of one subject at the provider, and for a day whatever
-- account was made or reset by a link together with the account that made the link, because whoever made the link may have
-- used it. A link of the operator at the host has no maker here.
CREATE FUNCTION "accounts_of"("ids" uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE COST 300 AS $$
#variable_conflict use_variable
DECLARE
  since timestamptz := clock_timestamp() - interval '24 hours';
  found uuid[] := ids;
  more uuid[];
BEGIN
  LOOP
    more := found || ARRAY (
      SELECT p.id FROM people o JOIN people p ON p.subject = o.subject WHERE o.id = ANY (found));
    IF EXISTS (SELECT FROM one_time_links l WHERE l.used_at > since AND l.person_id IS NOT NULL AND l.created_by IS NOT NULL) THEN
      more := more || ARRAY (
        SELECT CASE WHEN l.person_id = ANY (more) THEN l.created_by ELSE l.person_id END FROM one_time_links l
        WHERE l.used_at > since AND l.person_id IS NOT NULL AND l.created_by IS NOT NULL
          AND (l.person_id = ANY (more) OR l.created_by = ANY (more)));
    END IF;
    more := ARRAY (SELECT DISTINCT m FROM unnest(more) m ORDER BY m);
    EXIT WHEN cardinality(more) = cardinality(found);
    found := more;
  END LOOP;
  RETURN found;
END $$;

-- One key for all accounts of one human: who votes with two of them fills one place.
CREATE FUNCTION "human_key"("person" uuid) RETURNS text LANGUAGE sql STABLE COST 300 AS $$
  SELECT min(a::text) FROM unnest(accounts_of(ARRAY[person])) a
$$;

-- Why a person may not decide, or NULL. `owner_then` owned the agent when it asked; `acts_for` is the agent's word for a
-- human, an e-mail or a person's id. The solo rule holds only for what was asked while solo.
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
  IF asked_solo AND (SELECT count(*) FROM people p WHERE p.status = 'active' AND 'reviewer' = ANY (p.roles)) = 1 THEN
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

-- The votes on a request that count for somebody now: cast on its very bytes, not withdrawn, by people who may decide it,
-- and where they vote in another's place, with a delegation that runs and for somebody who may decide it too. A human's own
-- vote silences their delegate's.
CREATE OR REPLACE FUNCTION "approval_seats"("request" uuid)
RETURNS TABLE ("caster_id" uuid, "seat_id" uuid, "human_key" text, "groups" text[], "decision" text,
  "cast_at" timestamptz, "step_up" boolean, "break_glass" boolean)
LANGUAGE sql STABLE COST 1000 AS $$
  SELECT v.person_id,
    CASE WHEN v.for_person_id IS NULL THEN v.person_id
      ELSE coalesce((SELECT o.id FROM people o WHERE o.subject = s.subject ORDER BY o.id LIMIT 1), s.id) END,
    human_key(c.id), s.groups, v.decision::text, v.cast_at, v.step_up,
    EXISTS (SELECT FROM break_glass b WHERE b.id = v.break_glass_id AND b.person_id = v.person_id
      AND (b.ended_at IS NULL OR b.ended_at >= b.ends_at))
  FROM votes v
  JOIN approval_requests r ON r.id = v.request_id AND r.digest = v.digest
  JOIN people c ON c.id = v.person_id
  JOIN people s ON s.id = coalesce(v.for_person_id, v.person_id)
  WHERE v.request_id = $1 AND v.withdrawn_at IS NULL
    AND voter_exclusion(v.person_id, r.agent_id, r.agent_owner_id, r.on_behalf_of, r.opened_solo) IS NULL
    AND (v.for_person_id IS NULL OR (
      voter_exclusion(v.for_person_id, r.agent_id, r.agent_owner_id, r.on_behalf_of, r.opened_solo) IS NULL
      AND EXISTS (SELECT FROM delegations d WHERE d.from_id = v.for_person_id AND d.to_id = v.person_id
        AND d.revoked_at IS NULL AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp())
      AND NOT EXISTS (SELECT FROM votes w JOIN people o ON o.id = w.person_id
        WHERE w.request_id = v.request_id AND w.for_person_id IS NULL AND w.withdrawn_at IS NULL AND w.digest = r.digest
          AND (o.id = s.id OR o.subject = s.subject))))
$$;
