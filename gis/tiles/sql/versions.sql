-- purpose  The versions of all layers, and how far the history of cases is (`layer` null).
-- params   none
-- columns  layer text, version bigint (last event for the history), seen bigint (events among the
--          last thousand: those still uncommitted are missing; 0 for layers)
-- index    case_event_pkey
-- cost     0.4 ms with a million events
SELECT layer, version, CAST(0 AS bigint) AS seen
FROM layer_version
UNION ALL
SELECT NULL, coalesce(max(id), 0), count(*)
FROM case_event
WHERE id > (SELECT max(id) - 1000 FROM case_event)
