-- Handling rules of a class: its own; else those of the class of the same kind with the same
-- 2026 code (one of them, where several are listed) in the newest other edition that has any;
-- else the default rule.
-- params:  kind text; edition text; code text
-- columns: those of handling_rule, and place: 0 own, 1 another edition's, 2 default;
--          by condition number
-- index:   one_rule_per_condition (kind, edition, code); primary key of case_class
-- cost:    1.3 ms (2 cores, warm)
WITH asked AS (
    SELECT kind, edition, code, code_2026 FROM case_class
    WHERE kind = :kind AND edition = :edition AND code = :code
), candidate AS (
    SELECT 0 AS place, :edition AS of_edition, :code AS of_code
    UNION ALL
    SELECT 1, other.edition, other.code
    FROM asked
    JOIN case_class other ON other.kind = asked.kind AND other.edition <> asked.edition
        AND string_to_array(other.code_2026, ';') && string_to_array(asked.code_2026, ';')
    UNION ALL
    SELECT 2, 'any', '*'
), found AS (
    SELECT candidate.place, rule.*,
           first_value(rule.edition || ' ' || rule.code)
               OVER (ORDER BY candidate.place, rule.edition DESC, rule.code) AS chosen
    FROM candidate
    JOIN handling_rule rule ON rule.kind = :kind AND rule.edition = candidate.of_edition
                           AND rule.code = candidate.of_code
    WHERE rule.limit_value IS NOT NULL
)
SELECT id, kind, edition, code, condition_no, filing_condition_zh, filing_condition_en,
       limit_value, limit_unit, closing_condition_zh, closing_condition_en, scope, source,
       confidence, place
FROM found
WHERE edition || ' ' || code = chosen
ORDER BY condition_no
LIMIT 100
