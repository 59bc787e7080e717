-- First dispatches of a period by who made them, and how many went wrong.
-- params : scope (text array of area prefixes), department_id (bigint or null), area (text prefix),
--          starts, ends (timestamptz)
-- columns: automatic boolean; dispatched, wrong bigint
-- note   : wrong = its department asked to return it, and a later dispatch or arbitration sent it to another one
-- index  : case_event_dispatch_idx, cases_pkey, one_event_per_step
-- cost   : 12,000 cases of 90 days 90 ms
WITH first AS (
    SELECT DISTINCT ON (e.case_id) e.case_id, e.seq, e.role = 'system' AS automatic, e.department_id
    FROM case_event e
    JOIN cases c ON c.id = e.case_id
    WHERE e.move = 'dispatch' AND e.at >= :starts AND e.at < :ends
      AND {in_scope(c)} AND starts_with(c.grid_code, :area)
      AND NOT EXISTS (SELECT FROM case_event b
                      WHERE b.case_id = e.case_id AND b.seq < e.seq AND b.move = 'dispatch')
    ORDER BY e.case_id, e.seq
)
SELECT first.automatic, count(*) AS dispatched,
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM case_event r
           JOIN case_event n ON n.case_id = r.case_id AND n.seq > r.seq
                            AND n.move IN ('dispatch', 'arbitrate')
                            AND n.department_id IS DISTINCT FROM first.department_id
           WHERE r.case_id = first.case_id AND r.seq > first.seq AND r.move = 'ask_return')) AS wrong
FROM first
GROUP BY first.automatic
ORDER BY first.automatic
