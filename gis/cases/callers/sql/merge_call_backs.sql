-- purpose  The tries to reach one caller become another's, far above the numbers in use: they are numbered anew after it.
-- params   from_id, into_id bigint (both rows held)
-- columns  none that count
-- index    one_row_per_try (a walk: a caller has no index of its own here)
-- cost     5 ms among 100,000 tries; rows of one number are rare
UPDATE call_back
SET caller_id = :into_id, try = try + CASE WHEN caller_id = :into_id THEN 10000 ELSE 20000 END
WHERE caller_id IN (:from_id, :into_id)
