-- purpose  Days of the working calendar that were edited and that clocks may not follow yet.
-- params   none
-- columns  last_id bigint, first_day date, last_day date, newest timestamptz: all null when there are none
-- index    calendar_edit_open_idx
-- cost     0.05 ms
SELECT max(id) AS last_id, min(first_day) AS first_day, max(last_day) AS last_day,
       max(made_at) AS newest
FROM calendar_edit
WHERE settled_at IS NULL
