-- purpose  The sub-tasks of a case with names and photos, those that wait first.
-- params   number text; scope text[]; department_id, person_id bigint or null; persons bigint[]
-- columns  id, case_id, department_id, department_zh, department_en, words, due_on, state, version,
--          made_by, made_at, holder_id, holder, handed jsonb: [{"at", "by", "to", "words"} …], taken_by, done_by, ended_at, said, photos text[]
-- index    cases_number_key, case_task_case_idx
-- cost     0.1 ms for five sub-tasks
SELECT t.id, t.case_id, t.department_id, d.name_zh AS department_zh, d.name_en AS department_en,
       t.words, t.due_on, t.state, t.version, maker.name AS made_by, t.made_at,
       t.holder_id, holder.name AS holder, taker.name AS taken_by, doer.name AS done_by, t.ended_at, t.said,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('at', g.made_at, 'by', giver.name, 'to', person.name,
                                                     'words', g.words) ORDER BY g.id), '[]')
        FROM case_task_person g JOIN person giver ON giver.id = g.made_by
        LEFT JOIN person ON person.id = g.person_id WHERE g.task_id = t.id) AS handed,
       ARRAY(SELECT p.sha256 FROM case_task_photo p WHERE p.task_id = t.id ORDER BY p.position) AS photos
FROM cases c
JOIN case_task t ON t.case_id = c.id
JOIN department d ON d.id = t.department_id
LEFT JOIN person maker ON maker.id = t.made_by
LEFT JOIN person holder ON holder.id = t.holder_id
LEFT JOIN person taker ON taker.id = t.taken_by
LEFT JOIN person doer ON doer.id = t.done_by
WHERE c.number = :number
  AND {may_see(c)}
ORDER BY t.state IN ('done', 'withdrawn'), t.id
LIMIT 200
