-- purpose  How many unit grids of each street have no rule for each class, and how many one for part of the time.
-- params   edition text; day date: the day asked about; scope text[]; area text: prefix that narrows the cells
-- columns  area_code (street), kind, class_code, class_zh, class_en text; none, partly, cells bigint: cells
--          without any rule, with rules only for a condition or for some hours, and all cells of the street
-- note     Cells that lie under the same areas of rules are one group: groups × classes are compared, not
--          cells × classes. No row where every cell has a rule for always. A faulty rule counts as one: it
--          is shown among the faulty ones.
-- index    dispatch_rule_kind_idx; grid_cell is read whole within the scope
-- cost     100,000 cells × 123 classes under 5,000 rules 5 s on 2 busy cores; the demo district 20 ms
WITH rule AS MATERIALIZED (
    SELECT area_code, kind, class_code,
           bool_or(condition_no IS NULL AND weekdays IS NULL AND starts IS NULL) AS always
    FROM dispatch_rule
    WHERE edition = :edition AND valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
    GROUP BY area_code, kind, class_code
),
place AS MATERIALIZED (
    SELECT DISTINCT area_code AS code, length(area_code) AS size FROM rule
),
cell AS (
    SELECT code, street_code
    FROM grid_cell
    WHERE valid_to IS NULL AND code ^@ ANY(CAST(:scope AS text[])) AND code ^@ CAST(:area AS text)
),
under AS (   -- the areas of rules that each cell lies in, by equality of prefixes
    SELECT cell.code, cell.street_code,
           coalesce(array_agg(place.code ORDER BY place.size) FILTER (WHERE place.code IS NOT NULL), '{}')
               AS places
    FROM cell
    CROSS JOIN (SELECT DISTINCT size FROM place UNION SELECT -1) sizes (size)
    LEFT JOIN place ON place.size = sizes.size AND place.code = left(cell.code, sizes.size)
    GROUP BY cell.code, cell.street_code
),
grouped AS MATERIALIZED (
    SELECT row_number() OVER () AS id, street_code, places, count(*) AS cells
    FROM under
    GROUP BY street_code, places
),
class AS MATERIALIZED (
    SELECT kind, code, name_zh, name_en FROM case_class WHERE edition = :edition AND NOT reserved
),
said AS MATERIALIZED (   -- what the rules of one area say about each class
    SELECT rule.area_code, class.kind, class.code, bool_or(rule.always) AS always
    FROM rule
    JOIN class ON class.kind = rule.kind AND class.code ^@ rule.class_code
    GROUP BY rule.area_code, class.kind, class.code
),
known AS (
    SELECT grouped.id, said.kind, said.code, bool_or(said.always) AS always
    FROM grouped
    CROSS JOIN unnest(grouped.places) AS p (code)
    JOIN said ON said.area_code = p.code
    GROUP BY grouped.id, said.kind, said.code
)
SELECT grouped.street_code AS area_code, class.kind, class.code AS class_code, class.name_zh AS class_zh,
       class.name_en AS class_en,
       coalesce(sum(grouped.cells) FILTER (WHERE known.id IS NULL), 0) AS none,
       coalesce(sum(grouped.cells) FILTER (WHERE NOT known.always), 0) AS partly,
       sum(grouped.cells) AS cells
FROM grouped
CROSS JOIN class
LEFT JOIN known ON known.id = grouped.id AND known.kind = class.kind AND known.code = class.code
GROUP BY grouped.street_code, class.kind, class.code, class.name_zh, class.name_en
HAVING bool_or(known.id IS NULL OR NOT known.always)
ORDER BY none DESC, partly DESC, class.kind, class.code, grouped.street_code
LIMIT 100000
