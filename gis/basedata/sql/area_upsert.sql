-- One area as delivered: name, parent and outline; safe to repeat.
-- Cells may have redrawn the outline of an area since; it is kept unless another one is delivered.
-- Params: code, level, parent_code, name_zh, name_en, dataset_id, outline (hex EWKB or null).
-- Index: area_pkey. Cost: 0.2 ms.
INSERT INTO area (code, level, parent_code, name_zh, name_en, dataset_id, geom, geom_delivered,
                  label_3857)
SELECT :code, :level, :parent_code, :name_zh, :name_en, :dataset_id, o.geom, o.geom,
       ST_PointOnSurface(ST_Transform(o.geom, 3857))
FROM (SELECT ST_Multi(CAST(CAST(:outline AS text) AS geometry)) AS geom) o
ON CONFLICT (code) DO UPDATE
SET name_zh = excluded.name_zh,
    name_en = excluded.name_en,
    parent_code = excluded.parent_code,
    dataset_id = coalesce(excluded.dataset_id, area.dataset_id),
    geom = CASE WHEN excluded.geom IS NULL
                  OR (area.geom IS NOT NULL AND area.geom_delivered = excluded.geom_delivered)
                THEN area.geom ELSE excluded.geom END,
    label_3857 = CASE WHEN excluded.geom IS NULL
                        OR (area.geom IS NOT NULL AND area.geom_delivered = excluded.geom_delivered)
                      THEN area.label_3857 ELSE excluded.label_3857 END,
    geom_delivered = coalesce(excluded.geom_delivered, area.geom_delivered)
