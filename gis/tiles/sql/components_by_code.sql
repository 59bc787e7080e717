-- Components whose code begins with a text of digits, in code order.
-- params : wanted (text), last (text: wanted and nines, behind all that begin so), scope (text[]),
--          most (int)
-- columns: id bigint, code text, name_zh, name_en text (of the class, or null), lon, lat float8
--          (EPSG:4490)
-- index  : component_code_key, case_class pkey
-- cost   : 1 ms among a million components
SELECT c.id, c.code, k.name_zh, k.name_en, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
  FROM (SELECT id, code, edition, class_code, geom
          FROM component
         WHERE code BETWEEN :wanted AND :last
           AND code ^@ :wanted
           AND grid_code ^@ ANY(CAST(:scope AS text[]))
           AND state <> 'removed'
         ORDER BY code
         LIMIT :most) AS c
  LEFT JOIN case_class k ON k.kind = 'component' AND k.edition = c.edition AND k.code = c.class_code
 ORDER BY c.code
 LIMIT :most
