-- purpose  Tell what clocks have reached, and write when each is looked at next.
-- params   notices jsonb text: [{case_id, kind, level, about, role}]; looks jsonb text:
--          [{case_id, slot, due_at, provisional, base_left_s, next_level, next_at}]; now timestamptz
-- columns  told int: notices that were not there before
-- note     The caller holds the clocks. What was told before is left as it is.
-- index    a_notice_once, cases_pkey, case_clock_pkey
-- cost     25 ms for 500 clocks with a notice each
WITH told AS (
    INSERT INTO case_notice (case_id, kind, level, about, role, area_code, department_id,
                             person_id, made_at)
    SELECT n.case_id, n.kind, n.level, n.about, n.role, c.grid_code,
           CASE n.role WHEN 'handler' THEN c.department_id END,
           CASE n.role WHEN 'handler' THEN c.handler_id WHEN 'supervisor' THEN c.supervisor_id END,
           :now
    FROM jsonb_to_recordset(CAST(:notices AS jsonb)) AS n (case_id bigint, kind text, level smallint,
                                                           about text, role text)
    JOIN cases c ON c.id = n.case_id
    ORDER BY n.case_id, n.kind, n.level
    ON CONFLICT ON CONSTRAINT a_notice_once DO NOTHING
    RETURNING id
),
looked AS (
    UPDATE case_clock k SET due_at = l.due_at, provisional = l.provisional,
                            base_left_s = l.base_left_s, next_level = l.next_level,
                            next_at = l.next_at
    FROM jsonb_to_recordset(CAST(:looks AS jsonb)) AS l (
        case_id bigint, slot text, due_at timestamptz, provisional bool, base_left_s float8,
        next_level smallint, next_at timestamptz)
    WHERE k.case_id = l.case_id AND k.slot = l.slot
)
SELECT count(*) AS told FROM told
