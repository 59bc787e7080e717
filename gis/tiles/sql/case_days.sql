-- Reports per area and day: what the time slider paints while cases are too many to draw.
-- params : first (date), days (int), zone (text), street (boolean: by street, else by community),
--          scope (text[]), department (bigint or null), most (int: areas x days)
-- columns: code text, day int (0 is the first), items bigint
-- index  : cases_reported_idx (BRIN)
-- cost   : 250 ms for the 400,000 cases that 90 days of a city report
SELECT CASE WHEN :street THEN street_code ELSE community_code END AS code,
       CAST(reported_at AT TIME ZONE :zone AS date) - CAST(:first AS date) AS day,
       count(*) AS items
  FROM cases
 WHERE reported_at >= CAST(:first AS timestamp) AT TIME ZONE :zone
   AND reported_at < CAST(CAST(:first AS date) + CAST(:days AS int) AS timestamp) AT TIME ZONE :zone
   AND grid_code ^@ ANY(CAST(:scope AS text[]))
   AND (CAST(:department AS bigint) IS NULL OR department_id = CAST(:department AS bigint))
 GROUP BY 1, 2
 ORDER BY 1, 2
 LIMIT :most
