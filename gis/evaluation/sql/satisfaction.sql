-- What callers said in a period of the cases that were closed for them, by the newest answer of each case.
-- params : scope (text array of area prefixes), department_id (bigint or null), area (text prefix),
--          starts, ends (timestamptz)
-- columns: answered, satisfied, partly, unsatisfied bigint (cases)
-- index  : call_back_at_idx, cases_pkey
-- cost   : 2,000 call-backs 5 ms
WITH newest AS (
    SELECT DISTINCT ON (b.case_id) b.case_id, b.satisfied
    FROM call_back b
    JOIN cases c ON c.id = b.case_id
    WHERE b.reached AND b.at >= :starts AND b.at < :ends
      AND {in_scope(c)} AND starts_with(c.grid_code, :area)
    ORDER BY b.case_id, b.at DESC, b.id DESC
)
SELECT count(*) AS answered, count(*) FILTER (WHERE satisfied = 'yes') AS satisfied,
       count(*) FILTER (WHERE satisfied = 'partly') AS partly,
       count(*) FILTER (WHERE satisfied = 'no') AS unsatisfied
FROM newest
