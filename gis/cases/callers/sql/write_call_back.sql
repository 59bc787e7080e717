-- purpose  One try to reach a caller about a closing.
-- params   case_id, caller_id bigint; closed_at timestamptz; try_no int; now timestamptz; made_by bigint or null;
--          reached bool; satisfied text or null; words text; next_try_at timestamptz or null
-- columns  id; no row: somebody recorded this try already
-- index    one_row_per_try
-- cost     0.1 ms
INSERT INTO call_back (case_id, caller_id, closed_at, try, at, made_by, reached, satisfied, words, next_try_at)
SELECT :case_id, :caller_id, :closed_at, :try_no, :now, :made_by, :reached, :satisfied, :words, :next_try_at
WHERE :try_no = 1 + (SELECT count(*) FROM call_back
                     WHERE case_id = :case_id AND caller_id = :caller_id AND closed_at = :closed_at)
ON CONFLICT DO NOTHING
RETURNING id
