-- purpose  One case, locked, for a move; only what the actor may move.
-- params   number text; scope text[]; department_id bigint or null; person_id bigint or null; persons bigint[]
-- columns  those of Case
-- note     Raises lock_not_available at once when somebody else is moving it.
-- index    cases_number_key
-- cost     0.1 ms among 200,000 cases
SELECT c.id, c.number, c.district_code, c.street_code, c.community_code, c.grid_code, c.kind,
       c.edition, c.class_code, c.condition_no, c.source, c.state, c.open, c.version, c.reporter_id,
       c.supervisor_id, c.department_id, c.handler_id, c.dispatch_rule_id, c.rework_count,
       c.bounce_count, c.reported_at, c.filed_at, c.dispatched_at, c.due_at, c.due_provisional,
       c.clock_left, c.handled_at, c.closed_at, c.changed_at, c.changed_by,
       CAST((SELECT value FROM setting WHERE key = 'yellow_percent') AS int) AS yellow_percent
FROM cases c
WHERE c.number = :number
  AND {may_move(c)}
FOR NO KEY UPDATE NOWAIT
