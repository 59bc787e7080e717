-- purpose  The columns of the tables that layers draw, as this role sees them.
-- params   tables text[]
-- columns  table_name, column_name (null: the table is not there), kind (type as PostgreSQL writes
--          it), readable, rows (estimate of the last ANALYZE; 0: never analysed or empty)
-- index    none needed: system catalogues
-- cost     3 ms for the 14 tables of the shipped layers
SELECT named.name AS table_name, a.attname AS column_name,
       format_type(a.atttypid, a.atttypmod) AS kind,
       has_column_privilege(c.oid, a.attnum, 'SELECT') AS readable,
       CAST(greatest(c.reltuples, 0) AS bigint) AS rows
FROM unnest(CAST(:tables AS text[])) AS named(name)
LEFT JOIN pg_class c ON c.oid = to_regclass(named.name)
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY named.name, a.attnum
