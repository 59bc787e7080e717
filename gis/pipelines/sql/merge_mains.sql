-- purpose  Mains of each kind and area merged into one shape, coarse enough for small scales;
--          rows in the order of a Hilbert curve.
-- params   level int, 3 or 4; digits int, of the area's code; coarse_m float, metres of EPSG:3857
--          that may be left out. Columns none: rows are inserted.
-- index    none: one pass over the segments
-- cost     0.5 s for 10,000 mains of 200,000 segments
INSERT INTO pipe_main (level, kind, area_code, segments, length_m, dataset_id, geom)
SELECT :level, kind, area_code, segments, length_m, dataset_id, ST_Transform(shape, 4490)
FROM (SELECT kind, left(grid_code, :digits) AS area_code, count(*) AS segments,
             sum(length_m) AS length_m, min(dataset_id) AS dataset_id,
             ST_Multi(ST_Simplify(ST_LineMerge(ST_Collect(geom_3857)), :coarse_m, true)) AS shape
      FROM pipe_segment
      WHERE main
      GROUP BY kind, left(grid_code, :digits)) AS merged
ORDER BY ST_Envelope(shape)
