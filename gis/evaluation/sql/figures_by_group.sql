-- All counted figures for each group of cases in one pass.
-- params : scope (text array of area prefixes), department_id (bigint or null), area (text prefix),
--          starts, ends (timestamptz), most (int)
-- slots  : key = the grouping column, counts = one filtered count per figure, any = all conditions joined,
--          figures = the names of the counts
-- columns: key text, name_zh text, name_en text, one bigint per figure
-- index  : none; the period of a few months reads most open and recent cases anyway
-- cost   : 12,000 cases of 90 days 30 ms on 2 cores
SELECT g.key,
       coalesce(a.name_zh, d.name_zh, nullif(g.key, '')) AS name_zh,
       coalesce(a.name_en, d.name_en, nullif(g.key, '')) AS name_en,
       /*figures*/
FROM (
    SELECT /*key*/ AS key,
           /*counts*/
    FROM cases c
    WHERE {in_scope(c)} AND starts_with(c.grid_code, :area)
      AND (/*any*/)
    GROUP BY 1) g
LEFT JOIN area a ON a.code = g.key
LEFT JOIN department d ON a.code IS NULL AND CAST(d.id AS text) = g.key
ORDER BY g.key
LIMIT :most
