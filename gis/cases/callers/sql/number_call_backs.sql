-- purpose  Number the tries to reach a caller anew, by time, beginning with 1 for each closing.
-- params   caller_id bigint (held; every number lies above those to be given)
-- columns  none that count
-- index    one_row_per_try (a walk), call_back_pkey
-- cost     5 ms among 100,000 tries
UPDATE call_back b SET try = n.place
FROM (SELECT id, row_number() OVER (PARTITION BY case_id, closed_at ORDER BY at, id) AS place
      FROM call_back WHERE caller_id = :caller_id) n
WHERE b.id = n.id
