-- purpose  The cases behind one figure of one supervisor: checks, distances or earlier uses.
-- params   scope text[]; department_id bigint or null; person_id bigint; starts, ends timestamptz;
--          figure text: pass_rate, distance or reuse; most int
-- columns  number; seq; move; at; sha256 of a photo (null: none); metres float8 or null; reused bool
-- order    the farthest first for distances, else the newest
-- index    case_event_check_idx, cases_pkey, a_photo_once_per_step, a_finding_once_per_photo
-- cost     20 ms for a month of one supervisor in the pilot district, most of it planning
SELECT found.number, found.seq, found.move, found.at, found.sha256, found.metres, found.reused
FROM (SELECT DISTINCT ON (e.case_id, e.seq)
             c.number, e.seq, e.move, e.at, a.sha256, f.id IS NOT NULL AS reused,
             ST_Distance(CAST(ST_SetSRID(ST_MakePoint(x.lon, x.lat), 4490) AS geography),
                         CAST(c.geom AS geography)) AS metres
      FROM case_event e
      JOIN cases c ON c.id = e.case_id
      LEFT JOIN attachment a ON a.case_id = e.case_id AND a.event_seq = e.seq AND a.purpose <> 'file'
      LEFT JOIN file_exif x ON x.sha256 = a.sha256
      LEFT JOIN evidence_finding f ON f.case_id = a.case_id AND f.event_seq = a.event_seq
                                  AND f.sha256 = a.sha256 AND f.kind = 'reused'
      WHERE e.move IN ('verify_true', 'verify_false', 'check_passed', 'check_failed')
        AND e.at >= :starts AND e.at < :ends AND e.actor_id = :person_id
        AND {in_scope(c)}
      ORDER BY e.case_id, e.seq, (f.id IS NULL), metres DESC NULLS LAST) found
WHERE CASE CAST(:figure AS text)
          WHEN 'pass_rate' THEN found.move LIKE 'check%'
          WHEN 'distance' THEN found.metres IS NOT NULL
          ELSE found.reused
      END
ORDER BY CASE WHEN :figure = 'distance' THEN found.metres END DESC NULLS LAST, found.at DESC, found.number
LIMIT :most
