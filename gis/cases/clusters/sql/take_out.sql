-- purpose  Let a merged case stand for itself again, with everything that had come by way of it.
-- params   case_id bigint
-- columns  into_id bigint: the case that stood for it. No row: it was not merged.
-- note     The caller holds case_id for update.
-- index    case_merge_pkey, case_merge_into_idx
-- cost     0.2 ms
WITH gone AS (
    DELETE FROM case_merge WHERE case_id = :case_id RETURNING into_id
),
unfolded AS (
    UPDATE case_merge m
    SET into_id = :case_id,
        path = m.path[1 : array_position(m.path, CAST(:case_id AS bigint)) - 1]
    FROM gone
    WHERE m.into_id = gone.into_id AND CAST(:case_id AS bigint) = ANY(m.path)
)
SELECT into_id FROM gone
