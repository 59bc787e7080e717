-- purpose  The next cases with a running clock, held against moves until the commit.
-- params   after bigint (case id); cases bigint[] or null (only these); most int
-- columns  case_id bigint; held bool: false where somebody is moving the case at this moment
-- note     Waits for nobody, so that it cannot be caught in a circle of waiting.
-- order    By case.
-- index    case_clock_pkey, cases_pkey
-- cost     5 ms for 500 cases
WITH wanted AS MATERIALIZED (
    SELECT DISTINCT case_id
    FROM case_clock
    WHERE due_at IS NOT NULL AND left_s IS NULL AND case_id > :after
      AND (CAST(:cases AS bigint[]) IS NULL OR case_id = ANY(CAST(:cases AS bigint[])))
    ORDER BY case_id
    LIMIT :most),
held AS MATERIALIZED (
    SELECT id FROM cases
    WHERE id IN (SELECT case_id FROM wanted)
    ORDER BY id
    FOR NO KEY UPDATE SKIP LOCKED)
SELECT w.case_id, held.id IS NOT NULL AS held
FROM wanted w
LEFT JOIN held ON held.id = w.case_id
ORDER BY w.case_id
