-- purpose  Who stands for whom, from the histories: after a load that wrote histories by itself.
-- params   none
-- columns  none that count: the number of rows is the number of merged cases
-- note     Only for loads whose targets were not merged themselves; the move folds chains.
-- index    one_event_per_step, cases_number_key
-- cost     10 ms in the demo district
INSERT INTO case_merge (case_id, into_id, since, merged_by)
SELECT DISTINCT ON (c.id) c.id, t.id, e.at, e.actor_id
FROM cases c
JOIN case_event e ON e.case_id = c.id AND e.move = 'merge'
JOIN cases t ON t.number = e.data ->> 'target_case' AND t.id <> c.id
WHERE c.state = 'MERGED'
ORDER BY c.id, e.seq DESC
ON CONFLICT (case_id) DO NOTHING
