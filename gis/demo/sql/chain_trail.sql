-- purpose  Link the generated steps of cases into the audit trail, one hash chain per case, with
--          the same function that the commands use.
-- params   none; reads the temporary table demo_trail (subject_id, seq, at, actor_id, role, action,
--          data), seq 1, 2, 3 … per case
-- columns  none: rows of audit_event, ids in the order of time
-- index    none; one hash join per step of the longest history
-- cost     2 s for 120,000 steps
WITH RECURSIVE chain AS (
    SELECT t.subject_id, t.seq, CAST(NULL AS bytea) AS prev_hash,
           audit_hash(NULL, t.seq, t.at, t.actor_id, t.role, t.action, t.data) AS hash
    FROM demo_trail t
    WHERE t.seq = 1
    UNION ALL
    SELECT t.subject_id, t.seq, c.hash,
           audit_hash(c.hash, t.seq, t.at, t.actor_id, t.role, t.action, t.data)
    FROM chain c
    JOIN demo_trail t ON t.subject_id = c.subject_id AND t.seq = c.seq + 1)
INSERT INTO audit_event (subject_type, subject_id, seq, at, actor_id, role, action, data,
                         prev_hash, hash)
SELECT 'case', t.subject_id, t.seq, t.at, t.actor_id, t.role, t.action, t.data,
       c.prev_hash, c.hash
FROM demo_trail t
JOIN chain c USING (subject_id, seq)
ORDER BY t.at, t.subject_id, t.seq
