-- purpose  The case that stands for a merged one, held against moves until the commit.
-- params   case_id bigint: the merged case, locked by the caller
-- columns  id bigint; state text. No row: it is not merged.
-- note     Raises lock_not_available when that case is being moved: it may be about to end.
-- index    case_merge_pkey, cases_pkey
-- cost     0.1 ms
SELECT t.id, t.state
FROM case_merge m
JOIN cases t ON t.id = m.into_id
WHERE m.case_id = :case_id
FOR SHARE OF t NOWAIT
