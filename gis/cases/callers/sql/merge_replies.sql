-- purpose  What one caller was told becomes another's; what both were told alike is kept once.
-- params   from_id, into_id bigint (both rows held)
-- columns  none that count
-- index    none: a walk through case_reply
-- cost     30 ms among 100,000 replies; rows of one number are rare
WITH twice AS (
    SELECT a.id
    FROM case_reply a
    JOIN case_reply b ON b.case_id = a.case_id AND b.about_id = a.about_id AND b.caller_id = :into_id
                     AND b.person_id IS NOT DISTINCT FROM a.person_id
                     AND (b.event_id = a.event_id
                          OR (a.event_id IS NULL AND b.event_id IS NULL
                              AND b.made_at = a.made_at AND b.words = a.words))
    WHERE a.caller_id = :from_id),
gone AS (
    DELETE FROM case_reply r USING twice WHERE r.id = twice.id
    RETURNING r.id)
UPDATE case_reply SET caller_id = :into_id
WHERE caller_id = :from_id AND id NOT IN (SELECT id FROM twice)
