-- Reports by area, each as one byte that says its day: what the time slider paints while cases are
-- too many to draw. One row per area is quicker than one per area and day, most of which hold one.
-- params : starts (timestamptz[]: the beginning of each day and of the one after the last), street
--          (boolean: by street, else by community), everywhere (boolean: no area is asked), scope
--          (text[]), department_id (bigint or null), most (int: areas)
-- columns: code text, days bytea (one byte per case, 0 is the first day)
-- index  : cases_reported_idx (BRIN)
-- cost   : 150 ms by street, 220 ms by community for the 324,000 cases that 90 days of a city
--          report (2 cores)
SELECT CASE WHEN :street THEN street_code ELSE community_code END AS code,
       string_agg(set_byte('\x00', 0, width_bucket(reported_at, CAST(:starts AS timestamptz[])) - 1), '') AS days
  FROM cases
 WHERE reported_at >= (CAST(:starts AS timestamptz[]))[1]
   AND reported_at < (CAST(:starts AS timestamptz[]))[cardinality(CAST(:starts AS timestamptz[]))]
   AND (:everywhere OR grid_code ^@ ANY(CAST(:scope AS text[])))
   AND {in_department(cases)}
 GROUP BY 1
 ORDER BY 1
 LIMIT :most
