-- purpose  side × side square cells in one district, in square streets, with their areas.
-- params   side, per_street int: cells along a side of the whole and of a street; west, south, step float8
-- columns  none; writes area and grid_cell. A street is one community here; codes keep their length.
-- index    fills those of area and grid_cell
-- cost     10 s for 102,400 cells, once
WITH place AS (
    SELECT x, y, x / :per_street + y / :per_street * (:side / :per_street) AS street,
           x % :per_street + y % :per_street * :per_street AS serial
    FROM generate_series(0, :side - 1) x CROSS JOIN generate_series(0, :side - 1) y
),
coded AS (
    SELECT x, y, '110101' || lpad(CAST(street + 1 AS text), 3, '0') AS street_code,
           lpad(CAST(serial + 1 AS text), 3, '0') AS serial
    FROM place
),
named AS (
    INSERT INTO area (code, level, name_zh, name_en)
    SELECT DISTINCT street_code, 3, '街道 ' || street_code, 'Street ' || street_code FROM coded
    UNION ALL
    SELECT DISTINCT street_code || '001', 4, '社区 ' || street_code, 'Community ' || street_code
    FROM coded
)
INSERT INTO grid_cell (code, edition, district_code, street_code, community_code, area_m2, geom)
SELECT street_code || '001' || serial, '2013', '110101', street_code, street_code || '001', 9500,
       ST_MakeEnvelope(:west + x * :step, :south + y * :step,
                       :west + (x + 1) * :step, :south + (y + 1) * :step, 4490)
FROM coded
