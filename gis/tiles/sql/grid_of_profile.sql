-- One unit grid for its profile: names above it, its box, and the people that are known of it.
-- People: of the cell itself where counted, else of its community, else of its street; newest.
-- params : code (text), scope (text[])
-- columns: code, district_zh, district_en, street_zh, street_en, community_zh, community_en text,
--          west, south, east, north float8 (degrees, EPSG:4490), people int, people_of text (the
--          code they were counted for), people_as_of text
-- index  : grid_cell_code_now_key, area pkey, population pkey
-- cost   : 0.2 ms
SELECT c.code, d.name_zh AS district_zh, d.name_en AS district_en,
       s.name_zh AS street_zh, s.name_en AS street_en,
       m.name_zh AS community_zh, m.name_en AS community_en,
       ST_XMin(c.geom) AS west, ST_YMin(c.geom) AS south, ST_XMax(c.geom) AS east,
       ST_YMax(c.geom) AS north,
       p.people, p.area_code AS people_of, p.as_of AS people_as_of
  FROM grid_cell c
  LEFT JOIN area d ON d.code = c.district_code
  LEFT JOIN area s ON s.code = c.street_code
  LEFT JOIN area m ON m.code = c.community_code
  LEFT JOIN LATERAL (
        SELECT people, area_code, as_of FROM population
         WHERE area_code IN (c.code, c.community_code, c.street_code)
           AND area_code ^@ ANY(CAST(:scope AS text[]))
         ORDER BY length(area_code) DESC, as_of DESC
         LIMIT 1) AS p ON true
 WHERE c.code = :code AND c.valid_to IS NULL
   AND c.code ^@ ANY(CAST(:scope AS text[]))
 LIMIT 1
