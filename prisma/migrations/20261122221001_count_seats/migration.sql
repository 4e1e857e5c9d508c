-- Who may decide a call and whether the votes are enough, in the database's words: the one statement that consumes an
-- approval joins them, and the use-cases ask the same functions, so that there is one rule and not two.

-- Why a person may not decide, or NULL. `owner_then` owned the agent when it asked; `acts_for` is the agent's word for a
-- human, an e-mail or a person's id. The solo rule holds only for what was asked while solo.
CREATE FUNCTION "voter_exclusion"("voter" uuid, "agent" uuid, "owner_then" uuid, "acts_for" text, "asked_solo" boolean)
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
  IF who.subject = ANY (subjects) THEN RETURN 'same-human'; END IF;
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
CREATE FUNCTION "approval_seats"("request" uuid)
RETURNS TABLE ("caster_id" uuid, "seat_id" uuid, "human_key" text, "groups" text[], "decision" text,
  "cast_at" timestamptz, "step_up" boolean, "break_glass" boolean)
LANGUAGE sql STABLE COST 1000 AS $$
  SELECT v.person_id,
    CASE WHEN v.for_person_id IS NULL THEN v.person_id
      ELSE coalesce((SELECT o.id FROM people o WHERE o.subject = s.subject ORDER BY o.id LIMIT 1), s.id) END,
    coalesce('subject:' || c.subject, c.id::text), s.groups, v.decision::text, v.cast_at, v.step_up,
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

-- Whether votes are enough: lib/core/approvals/quorum.ts in the database's words, and a property test holds the two
-- together. `seats` are objects with the columns of approval_seats. One human fills one place, so it is an assignment:
-- by Hall's condition every set of factors must have at least as many people who fit one of them as it has places.
CREATE FUNCTION "seats_meet"("seats" jsonb, "quorum" int, "factors" jsonb, "step_up" text, "vote_ttl_s" int,
  "escalated" text[], "at" timestamptz)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 1000 AS $$
#variable_conflict use_variable
DECLARE
  kinds int := jsonb_array_length(factors);
  counts int[] := '{}';
  places int := 0;
  masks int[];
  needed int;
BEGIN
  IF quorum IS NULL OR quorum < 1 OR quorum >= 2147483647 OR kinds > 8 THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(seats) s WHERE s.value->>'decision' = 'deny') THEN RETURN false; END IF;
  FOR kind IN 0 .. kinds - 1 LOOP
    IF coalesce((factors->kind->>'count')::numeric, 0) NOT BETWEEN 1 AND 1000000
      OR (factors->kind->>'count')::numeric % 1 <> 0
      OR coalesce(jsonb_array_length(factors->kind->'groups'), 0) = 0 THEN RETURN false; END IF;
    counts := counts || (factors->kind->>'count')::numeric::int;
    places := places + counts[kind + 1];
  END LOOP;
  WITH live AS (
    SELECT s.value->>'caster_id' AS caster, s.value->>'seat_id' AS seat, s.value->>'human_key' AS human,
      s.value->'groups' AS member_of, (s.value->>'cast_at')::timestamptz AS cast_at
    FROM jsonb_array_elements(seats) s
    -- A column keeps milliseconds and rounds up half of the time.
    WHERE (s.value->>'cast_at')::timestamptz <= at + interval '1 millisecond'
      AND (s.value->>'cast_at')::timestamptz > at - make_interval(secs => vote_ttl_s)
      AND (step_up = 'none' OR (s.value->>'step_up')::boolean)
  ), taken AS (
    SELECT DISTINCT ON (seat) human, member_of FROM live
    ORDER BY seat, (caster = seat) DESC, cast_at, caster COLLATE "C"
  ), humans AS (
    SELECT human, coalesce(jsonb_agg(g.value) FILTER (WHERE g.value IS NOT NULL), '[]') AS member_of
    FROM taken LEFT JOIN LATERAL jsonb_array_elements_text(taken.member_of) g ON true GROUP BY human
  ), fitting AS (
    SELECT human, (SELECT coalesce(bit_or(1 << (f.n::int - 1)), 0) FROM jsonb_array_elements(factors) WITH ORDINALITY f (factor, n)
      WHERE EXISTS (SELECT FROM jsonb_array_elements_text(humans.member_of) g
        WHERE (f.factor->'groups') ? g.value OR g.value = ANY (escalated))) AS mask
    FROM humans
  )
  SELECT array_agg(mask) INTO masks FROM fitting WHERE kinds = 0 OR mask <> 0;
  IF coalesce(cardinality(masks), 0) < greatest(quorum, places) THEN RETURN false; END IF;
  FOR chosen IN 1 .. (1 << kinds) - 1 LOOP
    needed := 0;
    FOR kind IN 0 .. kinds - 1 LOOP
      IF chosen & (1 << kind) <> 0 THEN needed := needed + counts[kind + 1]; END IF;
    END LOOP;
    IF (SELECT count(*) FROM unnest(masks) m WHERE m & chosen <> 0) < needed THEN RETURN false; END IF;
  END LOOP;
  RETURN true;
END $$;

-- Whether the votes on a request are enough now, for these terms. Escalation steps that were taken let their groups count;
-- with `escalatable` only those that it names. A vote under a break-glass session fills any quorum, and beats no denial.
CREATE FUNCTION "approval_quorum_met"("request" uuid, "quorum" int, "factors" jsonb, "step_up" text, "vote_ttl_s" int,
  "escalatable" text[] DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql STABLE COST 10000 AS $$
#variable_conflict use_variable
DECLARE
  seats jsonb;
  escalated text[];
BEGIN
  SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') INTO seats FROM approval_seats(request) s;
  IF EXISTS (SELECT FROM jsonb_array_elements(seats) s WHERE s.value->>'decision' = 'deny') THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(seats) s WHERE (s.value->>'break_glass')::boolean
    AND (s.value->>'step_up')::boolean
    AND (s.value->>'cast_at')::timestamptz > clock_timestamp() - make_interval(secs => vote_ttl_s)) THEN RETURN true; END IF;
  SELECT coalesce(array_agg(g.value), '{}') INTO escalated
  FROM approval_requests r, jsonb_array_elements(r.escalation) WITH ORDINALITY e (step, n),
    jsonb_array_elements_text(e.step->'groups') g
  WHERE r.id = request AND e.n <= r.escalation_step AND (escalatable IS NULL OR g.value = ANY (escalatable));
  RETURN seats_meet(seats, quorum, factors, step_up, vote_ttl_s, escalated, clock_timestamp());
END $$;

-- Who may vote in whose place is asked at every vote and at every use of an approval.
CREATE INDEX "delegations_running_idx" ON "delegations" ("to_id", "from_id") WHERE "revoked_at" IS NULL;
-- The cooldown looks for an agent's latest denials of one tool.
CREATE INDEX "approval_requests_denials_idx" ON "approval_requests" ("agent_id", "server_id", "tool_name", "decided_at")
    WHERE "status" = 'denied';
