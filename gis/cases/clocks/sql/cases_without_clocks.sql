-- purpose  Open cases that should have a clock and have none: loaded or made before clocks were kept.
-- params   stages text[]: states whose stage has a clock; most int
-- columns  id, kind, edition, class_code, condition_no, state, filed_at, dispatched_at, changed_at,
--          due_at, due_provisional; needs_case, needs_stage bool
-- index    cases_queue_idx (open cases only), case_clock_pkey
-- cost     40 ms with 20,000 open cases among 5 million, when all have their clocks
SELECT * FROM (
    SELECT c.id, c.kind, c.edition, c.class_code, c.condition_no, c.state, c.filed_at,
           c.dispatched_at, c.changed_at, c.due_at, c.due_provisional,
           c.due_at IS NOT NULL AND c.clock_left IS NULL
               AND NOT EXISTS (SELECT FROM case_clock k WHERE k.case_id = c.id AND k.slot = 'case')
               AS needs_case,
           c.state = ANY(CAST(:stages AS text[]))
               AND NOT EXISTS (SELECT FROM case_clock k WHERE k.case_id = c.id AND k.slot = 'stage')
               AS needs_stage
    FROM cases c
    WHERE c.open) found
WHERE needs_case OR needs_stage
ORDER BY id
LIMIT :most
