-- purpose  First event and first audit link of the open cases of the benchmark city, so that a
--          benchmark can move them; closed ones have no history.
-- params   none. Columns none.
-- index    none: one pass over the cases
-- cost     5 s for 50,000 open cases of 5 million
WITH begun AS (
    INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, actor_id, role, data)
    SELECT id, 1, 'report', 'START', 'REPORTED', reported_at, reporter_id, 'supervisor',
           '{"version": 1}'
    FROM cases WHERE open ORDER BY id
    RETURNING case_id, at, actor_id)
INSERT INTO audit_event (subject_type, subject_id, seq, at, actor_id, role, action, data, hash)
SELECT 'case', case_id, 1, at, actor_id, 'supervisor', 'report', CAST('{}' AS jsonb),
       audit_hash(NULL, 1, at, actor_id, 'supervisor', 'report', CAST('{}' AS jsonb))
FROM begun
