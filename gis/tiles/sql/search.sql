-- Things found by name, code or number, within the scope; best first.
-- params : wanted (text, trimmed), pattern (text for LIKE, escaped), digits (text, '' when not a code),
--          scope (text[]), department (bigint or null), view_cases (boolean), most (int)
-- columns: kind, id, title, title_en, detail, west, south, east, north, score
-- index  : place_name_trgm, place_pinyin_trgm, area pkey, grid_cell_code_now_key, cases number key
-- cost   : 5 ms over 4,000 cells, 3,000 roads and no places (demo database, warm)
WITH hits AS (
    (SELECT 'grid' AS kind, g.code AS id, g.code AS title, g.code AS title_en, a.name_zh AS detail,
            g.geom AS geom, 3 AS score
       FROM grid_cell g LEFT JOIN area a ON a.code = g.community_code
      WHERE :digits <> '' AND g.valid_to IS NULL AND g.code ^@ :digits
        AND g.code ^@ ANY(CAST(:scope AS text[]))
      ORDER BY g.code
      LIMIT 5)
    UNION ALL
    (SELECT 'case', CAST(k.id AS text), k.number, k.number, k.description, k.geom, 4
       FROM cases k
      WHERE :view_cases AND :digits <> '' AND k.number ^@ :wanted
        AND k.grid_code ^@ ANY(CAST(:scope AS text[]))
        AND (CAST(:department AS bigint) IS NULL OR k.department_id = CAST(:department AS bigint))
      ORDER BY k.number DESC
      LIMIT 8)
    UNION ALL
    (SELECT 'area', a.code, a.name_zh, a.name_en, a.code, a.geom,
            CASE WHEN a.name_zh = :wanted THEN 6 ELSE 2 END
       FROM area a
      WHERE a.geom IS NOT NULL AND a.valid_to IS NULL
        AND (a.name_zh LIKE :pattern OR a.name_en ILIKE :pattern
             OR (:digits <> '' AND a.code = :digits))
        AND a.code ^@ ANY(CAST(:scope AS text[]))
      ORDER BY a.level, a.code
      LIMIT 8)
    UNION ALL
    (SELECT 'place', CAST(p.id AS text), p.name, p.name, p.kind, p.geom,
            CASE WHEN p.name = :wanted THEN 5 ELSE 1 END
       FROM place p
      WHERE (p.name LIKE :pattern OR p.pinyin LIKE :pattern OR p.alias LIKE :pattern)
        AND (p.grid_code IS NULL OR p.grid_code ^@ ANY(CAST(:scope AS text[])))
      ORDER BY length(p.name), p.id
      LIMIT 12)
    UNION ALL
    (SELECT 'road', CAST(min(r.id) AS text), r.name, r.name, min(r.class), ST_Collect(r.geom),
            CASE WHEN r.name = :wanted THEN 5 ELSE 1 END
       FROM road r
      WHERE r.name LIKE :pattern
      GROUP BY r.name
      ORDER BY length(r.name), r.name
      LIMIT 6)
    UNION ALL
    (SELECT 'facility', CAST(f.id AS text), f.name, f.name, coalesce(f.address, ''), f.geom,
            CASE WHEN f.name = :wanted THEN 6 ELSE 2 END
       FROM facility f
      WHERE f.name LIKE :pattern
        AND (f.grid_code IS NULL OR f.grid_code ^@ ANY(CAST(:scope AS text[])))
      ORDER BY length(f.name), f.id
      LIMIT 6)
)
SELECT kind, id, title, title_en, detail, ST_XMin(geom) AS west, ST_YMin(geom) AS south,
       ST_XMax(geom) AS east, ST_YMax(geom) AS north, score
  FROM hits
 ORDER BY score DESC, length(title), title
 LIMIT :most
