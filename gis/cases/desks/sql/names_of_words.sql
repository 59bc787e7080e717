-- purpose  What bears the words of a search in its name: classes, areas, named places, persons.
-- params   words text[], patterns text[]: the same words as LIKE patterns; most int: names of a sort
--          beyond which a word is no name, as 社区 that every community bears
-- columns  n bigint (number of the word), sort text: class | area | person, found text[]: key of a class
--          (2013e0110), code of an area or cell, id of a person
-- note     Names are public; which cases they lead to is asked under the scope.
-- index    primary keys of case_class and area, place_name_trgm from three letters on, else none: a few
--          thousand names
-- cost     4 ms with 4,400 areas, 1,200 classes and 3,000 persons
SELECT w.n, hit.sort, array_agg(hit.key) AS found
FROM unnest(CAST(:words AS text[]), CAST(:patterns AS text[])) WITH ORDINALITY AS w (word, pattern, n)
CROSS JOIN LATERAL (
    (SELECT 'class' AS sort, k.edition || left(k.kind, 1) || k.code AS key
     FROM case_class k
     WHERE lower(k.name_zh) LIKE w.pattern OR lower(k.name_en) LIKE w.pattern
        OR lower(k.class_zh) LIKE w.pattern OR lower(k.class_en) LIKE w.pattern OR k.code = w.word
     LIMIT :most + 1)
    UNION ALL
    (SELECT 'area', a.code
     FROM area a
     WHERE a.level > 1 AND (lower(a.name_zh) LIKE w.pattern OR lower(a.name_en) LIKE w.pattern
                            OR a.code = w.word)
     LIMIT :most + 1)
    UNION ALL
    (SELECT 'area', p.grid_code
     FROM place p
     WHERE length(w.word) > 2 AND p.name LIKE w.pattern AND p.grid_code IS NOT NULL AND p.kind <> 'area'
     LIMIT :most + 1)
    UNION ALL
    (SELECT 'person', CAST(p.id AS text)
     FROM person p
     WHERE lower(p.name) LIKE w.pattern
     LIMIT :most + 1)) hit
GROUP BY w.n, hit.sort
HAVING count(*) <= :most
