-- purpose  One case by its number, for somebody who has just moved it: a repeated request.
-- params   number text
-- columns  those of Case
-- index    cases_number_key
-- cost     0.05 ms among 200,000 cases
SELECT c.id, c.number, c.district_code, c.street_code, c.community_code, c.grid_code, c.kind,
       c.edition, c.class_code, c.condition_no, c.source, c.state, c.open, c.version, c.reporter_id,
       c.supervisor_id, c.department_id, c.handler_id, c.dispatch_rule_id, c.rework_count,
       c.bounce_count, c.reported_at, c.filed_at, c.dispatched_at, c.due_at, c.due_provisional,
       c.clock_left, c.handled_at, c.closed_at, c.changed_at, c.changed_by,
       CAST((SELECT value FROM setting WHERE key = 'yellow_percent') AS int) AS yellow_percent
FROM cases c
WHERE c.number = :number
