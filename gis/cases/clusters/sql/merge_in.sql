-- purpose  Let a case stand for another one, and for all that had been merged into that one.
-- params   case_id, into_id bigint: into_id is open, so it is merged into nothing; now timestamptz;
--          merged_by bigint or null
-- note     The caller holds case_id for update and into_id against moves: no chain can form.
-- index    case_merge_pkey, case_merge_into_idx
-- cost     0.2 ms
WITH folded AS (
    UPDATE case_merge SET into_id = :into_id, path = path || CAST(:case_id AS bigint)
    WHERE into_id = :case_id
)
INSERT INTO case_merge (case_id, into_id, since, merged_by)
VALUES (:case_id, :into_id, :now, CAST(:merged_by AS bigint))
