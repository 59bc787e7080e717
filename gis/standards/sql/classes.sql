-- Classes of one edition that contain every word searched for; all of them for no word.
-- params:  edition text; kind text or NULL; words text[] in lower case; exact text; limit int
-- columns: those of case_class, best match first: exact code, code or name begins with the
--          whole text, anything else; then by kind and code
-- index:   primary key of case_class; an edition has at most 403 rows, so no text index
-- cost:    1.5 ms for a word in 403 rows (2 cores, warm)
SELECT kind, edition, code, class_code, class_zh, class_en, name_zh, name_en, code_2026,
       source, confidence
FROM case_class
WHERE edition = :edition
  AND kind = coalesce(CAST(:kind AS text), kind)
  AND NOT reserved
  AND NOT EXISTS (
      SELECT FROM unnest(CAST(:words AS text[])) AS word
      WHERE strpos(lower(concat_ws(' ', code, name_zh, name_en, class_zh, class_en, code_2026)),
                   word) = 0)
ORDER BY CASE WHEN code = :exact THEN 0
              WHEN starts_with(code, :exact) OR starts_with(lower(name_zh), :exact)
                   OR starts_with(lower(name_en), :exact) THEN 1
              ELSE 2 END,
         kind, code
LIMIT :limit
