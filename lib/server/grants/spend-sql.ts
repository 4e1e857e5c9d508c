// Server-only. The one statement that spends grants.
import { killCovers } from '../approvals/kill-covers.ts';
import { EGRESS_SERVER_ID } from '../calls/egress-server.ts';

/**
 * Whether those who approved the grant could do so now, for this very call: it does not outlive their right to give it, nor
 * their groups, and nobody approves what is done for them, themself or through a delegate. Votes are as old as they were
 * when it began: one that had aged by then fills no place that another leaves.
 */
const STANDS = `seats_meet(
  coalesce((SELECT jsonb_agg(jsonb_build_object('caster_id', p.id, 'seat_id', p.id,
      'human_key', human_key(p.id), 'groups', p.groups, 'decision', v.decision,
      'cast_at', v.cast_at, 'step_up', v.step_up))
    FROM grant_votes v JOIN people p ON p.id = v.person_id
    WHERE v.grant_id = l.id AND v.digest = l.digest
      AND voter_exclusion(p.id, l.agent_id, l.agent_owner_id, s.acts_for, l.opened_solo) IS NULL), '[]'),
  l.quorum, l.factors, l.step_up, l.vote_ttl_s, '{}', l.activated_at)`;

/**
 * Spends a batch of uses: `$1` the kill epoch and `$2` the policy version by which the gateway decided, `$3`-`$8` the
 * distinct subjects (grant, tool, its pin, the server's configuration, tier, class) and with `$12` whom the call is made
 * for, `$9`-`$10` one row per grant (id and the event for the case that this uses it up), `$11` each use's subject,
 * `$13`-`$16` the rows of the log with the use that each belongs to, `$17` the grants whose count is due to be announced.
 *
 * The epoch's row is shared first, as a kill takes it first; then the grants are locked in the order of their ids. Whoever
 * waits for a lock sees the grant as it is afterwards, so uses never exceed `max_uses`, however many gateways spend at once.
 * A grant for a class covers the definitions and tags that stood when it was proposed, not what was accepted since. No list
 * says who may use the egress proxy: the proxy has asked the snapshot for that.
 */
export const SPEND_SQL = `WITH head AS MATERIALIZED (
    SELECT epoch FROM kill_head WHERE id = 1 AND epoch = $1::bigint FOR SHARE
  ), locked AS MATERIALIZED (
    SELECT g.*, g.max_uses - g.uses AS uses_left
    FROM head, grants g JOIN agents a ON a.id = g.agent_id
    WHERE g.id = ANY ($9::text[]::uuid[]) AND g.status = 'active' AND g.expires_at > clock_timestamp()
      AND a.status = 'active'
      AND (g.server_id = '${EGRESS_SERVER_ID}'::uuid
        OR EXISTS (SELECT 1 FROM agent_servers x WHERE x.agent_id = a.id AND x.server_id = g.server_id))
    ORDER BY g.id FOR UPDATE OF g
  ), subject AS MATERIALIZED (
    SELECT s.n, l.id, l.uses_left
    FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $12::text[])
      WITH ORDINALITY AS s (grant_id, tool, pin, config, tier, class, acts_for, n)
    JOIN locked l ON l.id = s.grant_id::uuid
    WHERE l.server_config_hash = s.config
      AND (l.tool_name IS NULL OR (l.tool_name = s.tool AND l.tool_digest = s.pin))
      AND (l.action_class IS NULL OR l.action_class = s.class)
      AND s.tier::tier <= l.tier
      AND $2::int = coalesce((SELECT max(version) FROM policy_versions WHERE status = 'published'), 0)
      AND EXISTS (
        SELECT 1 FROM tools t JOIN servers v ON v.id = t.server_id
        WHERE v.id = l.server_id AND v.name = l.server_name AND v.status = 'active' AND v.config_hash = s.config
          AND t.name = s.tool AND t.pin_state = 'accepted' AND t.accepted_digest = s.pin AND t.definition_digest = s.pin
          AND (l.action_class IS NULL
            OR (t.accepted_at <= l.created_at AND coalesce(t.tagged_at <= l.created_at, true))))
      AND NOT EXISTS (
        SELECT 1 FROM kill_state k WHERE (k."on" OR k.killed_epoch > l.kill_epoch)
          AND (${killCovers('s.tier', 's.class', 'l.server_name', 's.tool', 'l.agent_name')}
            OR ${killCovers('l.tier', 's.class', 'l.server_name', 's.tool', 'l.agent_name')}))
      AND ${STANDS}
  ), spent AS MATERIALIZED (
    SELECT use, id FROM (
      SELECT u.use, s.id, s.uses_left, row_number() OVER (PARTITION BY s.id ORDER BY u.use) AS rank
      FROM unnest($11::int[]) WITH ORDINALITY AS u (subject, use) JOIN subject s ON s.n = u.subject) fit
    WHERE rank <= uses_left
  ), counted AS (
    UPDATE grants g SET uses = g.uses + c.uses, version = g.version + 1, last_used_at = clock_timestamp(),
      status = CASE WHEN g.uses + c.uses >= g.max_uses THEN 'used-up'::grant_status ELSE g.status END,
      ended_at = CASE WHEN g.uses + c.uses >= g.max_uses THEN clock_timestamp() ELSE g.ended_at END
    FROM (SELECT id, count(*)::int AS uses FROM spent GROUP BY id) c
    WHERE g.id = c.id RETURNING g.id, g.version, g.status::text AS status
  ), logged AS (
    INSERT INTO audit_inbox (event, salt, payload)
    SELECT e.event, e.salt, e.payload
    FROM unnest($13::int[], $14::text[], $15::bytea[], $16::bytea[]) WITH ORDINALITY AS e (use, event, salt, payload, n)
    JOIN spent s ON s.use = e.use ORDER BY e.n
  ), ended AS (
    INSERT INTO audit_inbox (event, salt, payload)
    SELECT e.event, NULL, NULL FROM unnest($9::text[], $10::text[]) AS e (grant_id, event)
    JOIN counted c ON c.id = e.grant_id::uuid WHERE c.status = 'used-up'
  ), told AS (
    SELECT pg_notify('cs_grant', json_build_object('id', id, 'version', version, 'status', status)::text)
    FROM counted WHERE status <> 'active' OR id = ANY ($17::text[]::uuid[])
  )
  SELECT (SELECT array_agg(use::int) FROM spent) AS spent, EXISTS (SELECT 1 FROM head) AS current,
    coalesce((SELECT max(version) FROM policy_versions WHERE status = 'published'), 0) AS policy,
    (SELECT count(*) FROM told) AS told`;
