-- How many unit grids of a district somebody holds: a supervisor or a responsibility grid.
-- Params: district (6 digits). Columns: the count. Cost: 1 ms for 4,000 cells.
-- Index: none, both tables are read whole.
SELECT count(*)
FROM (SELECT grid_code FROM supervisor_cell
      WHERE valid_to IS NULL AND grid_code ^@ :district
      UNION
      SELECT m.grid_code
      FROM responsibility_grid_cell m
      JOIN responsibility_grid r ON r.id = m.responsibility_grid_id
      WHERE r.valid_to IS NULL AND m.grid_code ^@ :district) held
