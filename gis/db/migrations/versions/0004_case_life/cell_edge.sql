-- Reports made so near the edge of a unit grid that the position does not say which one is meant.

CREATE TABLE case_cell_edge (
    case_id bigint PRIMARY KEY REFERENCES cases,
    accuracy_m double precision NOT NULL,   -- of the position, as far as it was believed
    point_cell text,                        -- where the point itself lies; null: in no cell
    chosen_cell text NOT NULL,              -- the one that counted when the case was made
    chosen_by bigint REFERENCES person,     -- null: nobody was asked, the point decided
    candidates jsonb NOT NULL               -- nearest first: {grid_code, distance_m}
);
