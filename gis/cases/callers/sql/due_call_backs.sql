-- purpose  Callers to be asked about a closed case, the oldest closing first; a missed one again when its time has come.
-- params   now, ripe, stale timestamptz (closed before, closed after); percent, tries int; scope text[];
--          department_id bigint or null; most int
-- columns  number, case_id, version, state, description, closed_at, class_zh, class_en, street_zh, street_en,
--          caller_id, name_cipher, phone_lookup, phone_masked, tries, next_try_at
-- index    cases_closed_idx, caller_call_case_idx, one_row_per_try
-- cost     3 ms for 1,000 cases closed in the window
SELECT c.number, c.id AS case_id, c.version, c.state, c.description, c.closed_at,
       coalesce(t.name_zh, c.class_code) AS class_zh, coalesce(t.name_en, c.class_code) AS class_en,
       coalesce(s.name_zh, c.street_code) AS street_zh,
       coalesce(s.name_en, c.street_code) AS street_en,
       k.id AS caller_id, k.name_cipher, k.phone_lookup, k.phone_masked,
       coalesce(tried.n, 0) AS tries, tried.next_try_at
FROM cases c
JOIN LATERAL (SELECT DISTINCT r.caller_id FROM caller_call r
              WHERE r.case_id = c.id AND r.kind <> 'asked') r ON true
JOIN caller k ON k.id = r.caller_id AND k.forgotten_at IS NULL
LEFT JOIN LATERAL (
    SELECT count(*) AS n, bool_or(b.reached) AS reached,
           (array_agg(b.next_try_at ORDER BY b.try DESC))[1] AS next_try_at
    FROM call_back b
    WHERE b.case_id = c.id AND b.caller_id = k.id AND b.closed_at = c.closed_at) tried ON true
LEFT JOIN case_class t ON t.kind = c.kind AND t.edition = c.edition AND t.code = c.class_code
LEFT JOIN area s ON s.code = c.street_code
WHERE c.closed_at IS NOT NULL AND c.closed_at <= :ripe AND c.closed_at > :stale
  AND c.state IN ('CLOSED', 'FORCED_CLOSED')
  AND {in_scope(c)}
  AND {drawn(c)}
  AND (tried.n IS NULL OR tried.n = 0
       OR (NOT tried.reached AND tried.n < :tries AND tried.next_try_at <= :now))
ORDER BY coalesce(tried.next_try_at, c.closed_at), c.id, k.id
LIMIT :most
