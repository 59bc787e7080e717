-- Areas of one level that are in force, in code order.
-- Params: level (1 city .. 4 community), scope (prefixes of area codes), most.
-- An area shows when it lies in the scope or holds a part of it, so that a community's post still
--   sees the names of its street and district.
-- Columns: code, parent_code, name_zh, name_en, derived, drawn, area_m2. Index: area_level_idx.
-- Cost: 3 ms for 169 communities.
SELECT code, parent_code, name_zh, name_en, derived, geom IS NOT NULL AS drawn,
       ST_Area(geom_work) AS area_m2
FROM area
WHERE level = :level
  AND valid_to IS NULL
  AND EXISTS (SELECT FROM unnest(CAST(:scope AS text[])) AS s (prefix)
              WHERE code ^@ s.prefix OR s.prefix ^@ code)
ORDER BY code
LIMIT :most
