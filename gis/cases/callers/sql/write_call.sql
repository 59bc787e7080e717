-- purpose  What a caller rang about: reported or joined once, asked about as often as it happens.
-- params   caller_id, case_id bigint; kind text; now timestamptz; taken_by bigint or null
-- columns  id; no row: reported or joined before
-- index    caller_call_case_idx
-- cost     0.1 ms
INSERT INTO caller_call (caller_id, case_id, kind, at, taken_by)
SELECT :caller_id, :case_id, :kind, :now, :taken_by
WHERE :kind = 'asked'
   OR NOT EXISTS (SELECT FROM caller_call
                  WHERE case_id = :case_id AND caller_id = :caller_id AND kind <> 'asked')
RETURNING id
