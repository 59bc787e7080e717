-- People per square kilometre of each street in the scope, newest figure of each.
-- params : scope (text[])
-- columns: code text, people int, area_km2 float8, as_of text
-- index  : area_level_idx, population pkey
-- cost   : 1 ms for 17 streets
SELECT a.code, p.people, ST_Area(a.geom_work) / 1e6 AS area_km2, p.as_of
  FROM area a
  JOIN LATERAL (
        SELECT people, as_of FROM population
         WHERE area_code = a.code
         ORDER BY as_of DESC
         LIMIT 1) AS p ON true
 WHERE a.level = 3 AND a.valid_to IS NULL AND a.geom IS NOT NULL
   AND a.code ^@ ANY(CAST(:scope AS text[]))
 ORDER BY a.code
 LIMIT 500
