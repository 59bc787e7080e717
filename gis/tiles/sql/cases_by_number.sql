-- Cases whose number begins with a text, newest number first.
-- params : wanted (text), scope (text[]), department (bigint or null), most (int)
-- columns: id bigint, number text, state text, lon, lat float8 (EPSG:4490)
-- index  : the unique index of number
-- cost   : 2 ms among 12,000 cases (a prefix of eight characters)
SELECT id, number, state, ST_X(geom) AS lon, ST_Y(geom) AS lat
  FROM cases
 WHERE number ^@ :wanted
   AND grid_code ^@ ANY(CAST(:scope AS text[]))
   AND (CAST(:department AS bigint) IS NULL OR department_id = CAST(:department AS bigint))
 ORDER BY number DESC
 LIMIT :most
