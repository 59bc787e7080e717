-- purpose  Write one move whole: case, event, audit link, messages, photos.
-- params   id bigint; version int (as read); the columns of the case below; move, from_state, role,
--          note text; actor_id bigint or null; data jsonb text; audit jsonb text; now timestamptz;
--          photos, purposes text[] (same length)
-- columns  version int: the new one. No row: the version was not the one read.
-- note     The caller holds the lock of the case; that keeps seq and chain without gaps.
-- index    cases_pkey, one_event_per_step, one_event_per_place_in_the_chain
-- cost     0.9 ms in the server among 200,000 cases
WITH moved AS (
    UPDATE cases SET
        state = :state, open = :open, version = version + 1,
        supervisor_id = :supervisor_id, department_id = :department_id, handler_id = :handler_id,
        dispatch_rule_id = :dispatch_rule_id, condition_no = :condition_no,
        rework_count = :rework_count, bounce_count = :bounce_count, filed_at = :filed_at,
        dispatched_at = :dispatched_at, due_at = :due_at, due_provisional = :due_provisional,
        clock_left = CAST(:clock_left AS jsonb), handled_at = :handled_at, closed_at = :closed_at,
        changed_at = :now, changed_by = :actor_id
    WHERE id = :id AND version = :version
    RETURNING id, number, state, version, department_id
),
event AS (
    INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, actor_id, role,
                            department_id, note, data)
    SELECT id, coalesce((SELECT max(seq) FROM case_event WHERE case_id = :id), 0) + 1, :move, :from_state, state,
           :now, CAST(:actor_id AS bigint), :role, department_id, :note,
           CAST(:data AS jsonb) || jsonb_build_object('version', version)
    FROM moved
    RETURNING case_id, seq
),
trail AS (
    INSERT INTO audit_event (subject_type, subject_id, seq, at, actor_id, role, action, data,
                             prev_hash, hash)
    SELECT 'case', id, seq, :now, CAST(:actor_id AS bigint), :role, :move, data, prev_hash,
           audit_hash(prev_hash, seq, :now, CAST(:actor_id AS bigint), :role, :move, data)
    FROM (SELECT moved.id, coalesce(last.seq, 0) + 1 AS seq, last.hash AS prev_hash,
                 CAST(:audit AS jsonb) || jsonb_build_object('version', moved.version) AS data
          FROM moved
          LEFT JOIN LATERAL (
              SELECT seq, hash FROM audit_event
              WHERE subject_type = 'case' AND subject_id = moved.id
              ORDER BY seq DESC LIMIT 1) last ON true) said
),
told AS (
    INSERT INTO outbox (topic, subject_id, payload, created_at)
    SELECT 'case.moved', id,
           jsonb_build_object('number', number, 'move', CAST(:move AS text),
                              'from', CAST(:from_state AS text), 'to', state,
                              'version', version), :now
    FROM moved
),
shown AS (
    INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)
    SELECT event.case_id, event.seq, p.purpose, p.sha256, p.position
    FROM event
    CROSS JOIN unnest(CAST(:purposes AS text[]), CAST(:photos AS text[]))
        WITH ORDINALITY AS p (purpose, sha256, position)
)
SELECT version FROM moved
