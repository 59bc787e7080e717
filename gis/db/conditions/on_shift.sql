-- purpose  Condition over a person: supervisor today, and a shift of this person runs at this moment.
-- params   day date and clock time: the moment in the district's zone
-- index    duty_person_idx for one person, duty_pkey (by day) for all
EXISTS (SELECT FROM post o
        WHERE o.person_id = {row}.id AND o.role = 'supervisor'
          AND o.valid_from <= :day AND (o.valid_to IS NULL OR o.valid_to > :day))
AND EXISTS (SELECT FROM duty d JOIN shift s ON s.id = d.shift_id
            WHERE d.person_id = {row}.id
              AND ((d.day = :day AND s.starts <= :clock AND (s.ends > :clock OR s.ends <= s.starts))
                   OR (d.day = CAST(:day AS date) - 1 AND s.ends <= s.starts AND s.ends > :clock)))
