-- purpose  One case with every name that its page shows.
-- params   number text; scope text[]; department_id, person_id bigint or null; persons bigint[]
-- columns  those of Case, then description, accuracy_m, lon, lat, class_zh, class_en, main_class_zh,
--          main_class_en, class_confidence, district_zh … community_en, department_zh, department_en,
--          reporter, supervisor, handler, changed_by_name, component_code, component_state
-- index    cases_number_key
-- cost     0.35 ms among 200,000 cases
SELECT c.id, c.number, c.district_code, c.street_code, c.community_code, c.grid_code, c.kind,
       c.edition, c.class_code, c.condition_no, c.source, c.state, c.open, c.version, c.reporter_id,
       c.supervisor_id, c.department_id, c.handler_id, c.dispatch_rule_id, c.rework_count,
       c.bounce_count, c.reported_at, c.filed_at, c.dispatched_at, c.due_at, c.due_provisional,
       c.clock_left, c.handled_at, c.closed_at, c.changed_at, c.changed_by,
       CAST((SELECT value FROM setting WHERE key = 'yellow_percent') AS int) AS yellow_percent,
       c.description, c.accuracy_m, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat,
       k.name_zh AS class_zh, k.name_en AS class_en,
       k.class_zh AS main_class_zh, k.class_en AS main_class_en, k.confidence AS class_confidence,
       district.name_zh AS district_zh, district.name_en AS district_en,
       street.name_zh AS street_zh, street.name_en AS street_en,
       community.name_zh AS community_zh, community.name_en AS community_en,
       d.name_zh AS department_zh, d.name_en AS department_en,
       reporter.name AS reporter, supervisor.name AS supervisor, handler.name AS handler,
       changer.name AS changed_by_name, component.code AS component_code,
       component.state AS component_state
FROM cases c
LEFT JOIN case_class k ON k.kind = c.kind AND k.edition = c.edition AND k.code = c.class_code
LEFT JOIN area district ON district.code = c.district_code
LEFT JOIN area street ON street.code = c.street_code
LEFT JOIN area community ON community.code = c.community_code
LEFT JOIN department d ON d.id = c.department_id
LEFT JOIN person reporter ON reporter.id = c.reporter_id
LEFT JOIN person supervisor ON supervisor.id = c.supervisor_id
LEFT JOIN person handler ON handler.id = c.handler_id
LEFT JOIN person changer ON changer.id = c.changed_by
LEFT JOIN component ON component.id = c.component_id
WHERE c.number = :number
  AND {may_see(c)}
