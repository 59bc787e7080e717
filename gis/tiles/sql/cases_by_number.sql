-- Cases whose number begins with one of some texts, newest number first.
-- Numbers hold digits and hyphens only, so nines after a beginning come behind all that begin so:
-- a range that every collation can look up, where ^@ alone would read the whole index.
-- The scope is hidden in a CASE: the planner thinks that it leaves one row of a thousand, though all
-- numbers of a street begin alike, and would sort the whole range.
-- params : starts (text[]), scope (text[]), department_id (bigint or null), most (int)
-- columns: id bigint, number text, state text, lon, lat float8 (EPSG:4490)
-- index  : the unique index of number
-- cost   : 1 ms among 5 million cases
SELECT c.id, c.number, c.state, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
  FROM unnest(CAST(:starts AS text[])) AS s (start)
 CROSS JOIN LATERAL (
        SELECT id, number, state, geom
          FROM cases
         WHERE number BETWEEN s.start AND rpad(s.start, 30, '9')
           AND number ^@ s.start
           AND CASE WHEN grid_code ^@ ANY(CAST(:scope AS text[])) THEN true ELSE false END
           AND {in_department(cases)}
         ORDER BY number DESC
         LIMIT :most) AS c
 ORDER BY c.number DESC
 LIMIT :most
