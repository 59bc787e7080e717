-- purpose  Clocks whose next level is reached, held against moves and other sweeps until the commit.
-- params   now timestamptz; most int
-- columns  those of case_clock
-- note     A clock that somebody moves at this moment is left to the next round.
-- order    The longest waiting first.
-- index    case_clock_next_idx
-- cost     0.1 ms when nothing is reached, whatever the number of cases; 3 ms for 500 clocks
SELECT k.case_id, k.slot, k.name, k.run, k.started_at, k.limit_value, k.limit_unit, k.base_at,
       k.base_left_s, k.due_at, k.provisional, k.left_s, k.next_level, k.next_at
FROM case_clock k
WHERE k.next_at <= :now
ORDER BY k.next_at
LIMIT :most
FOR UPDATE SKIP LOCKED
