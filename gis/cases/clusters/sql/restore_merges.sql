-- purpose  Who stands for whom, from the histories: after a load that wrote histories by itself.
-- params   none
-- columns  none that count: the number of rows is the number of merged cases
-- note     Chains are folded as the move folds them; migration 0004 does the same for what was there.
-- index    one_event_per_step, cases_number_key
-- cost     10 ms in the demo district
WITH RECURSIVE direct AS (
    SELECT DISTINCT ON (c.id) c.id AS case_id, t.id AS into_id, e.at, e.actor_id
    FROM cases c
    JOIN case_event e ON e.case_id = c.id AND e.move = 'merge'
    JOIN cases t ON t.number = e.data ->> 'target_case' AND t.id <> c.id
    WHERE c.state = 'MERGED'
    ORDER BY c.id, e.seq DESC
),
chain AS (                                  -- a case that stood for others may have gone on
    SELECT case_id, into_id, CAST('{}' AS bigint[]) AS path, at, actor_id FROM direct
    UNION ALL
    SELECT chain.case_id, d.into_id, chain.path || d.case_id, chain.at, chain.actor_id
    FROM chain
    JOIN direct d ON d.case_id = chain.into_id
    WHERE d.into_id <> chain.case_id AND d.case_id <> ALL(chain.path)
)
INSERT INTO case_merge (case_id, into_id, path, since, merged_by)
SELECT DISTINCT ON (case_id) case_id, into_id, path, at, actor_id
FROM chain
ORDER BY case_id, cardinality(path) DESC
ON CONFLICT (case_id) DO NOTHING
