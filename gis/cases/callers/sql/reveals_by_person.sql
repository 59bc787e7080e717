-- purpose  How often each person looked at callers' numbers, most first: what the auditor reads.
-- params   starts, ends timestamptz; zone text; scope text[]; most int
-- columns  person_id, name, department_zh, department_en, reveals, callers, most_in_a_day, last_at, reasons text[]
-- index    audit_event_reveal_idx
-- cost     2 ms for 1,000 looks
-- scope    A look counts when a case of the caller lies within the asker's area; a caller who became one
--          with another is counted as that one.
WITH looks AS (
    SELECT a.actor_id, now_is.id AS caller_id, a.at, a.data ->> 'reason' AS reason,
           CAST(a.at AT TIME ZONE :zone AS date) AS day
    FROM audit_event a
    CROSS JOIN LATERAL (
        WITH RECURSIVE same (id, step) AS (
            SELECT a.subject_id, 0
            UNION ALL
            SELECT CAST(m.data ->> 'into' AS bigint), step + 1
            FROM same
            JOIN audit_event m ON m.subject_type = 'caller' AND m.subject_id = same.id
                              AND m.action = 'merged' AND m.data ? 'into')
        SELECT id FROM same ORDER BY step DESC LIMIT 1) now_is
    WHERE a.subject_type = 'caller' AND a.action = 'revealed'
      AND a.at >= :starts AND a.at < :ends
      AND EXISTS (SELECT FROM caller_call r JOIN cases c ON c.id = r.case_id
                  WHERE r.caller_id = now_is.id
                    AND c.grid_code ^@ ANY(CAST(:scope AS text[])))),
days AS (
    SELECT actor_id, max(n) AS most
    FROM (SELECT actor_id, day, count(*) AS n FROM looks GROUP BY 1, 2) d
    GROUP BY 1)
SELECT l.actor_id AS person_id, coalesce(p.name, '') AS name,
       d.name_zh AS department_zh, d.name_en AS department_en,
       count(*) AS reveals, count(DISTINCT l.caller_id) AS callers,
       max(days.most) AS most_in_a_day, max(l.at) AS last_at,
       (array_agg(l.reason ORDER BY l.at DESC))[1:5] AS reasons
FROM looks l
JOIN days ON days.actor_id IS NOT DISTINCT FROM l.actor_id
LEFT JOIN person p ON p.id = l.actor_id
LEFT JOIN department d ON d.id = p.department_id
GROUP BY 1, 2, 3, 4
ORDER BY reveals DESC, last_at DESC
LIMIT :most
