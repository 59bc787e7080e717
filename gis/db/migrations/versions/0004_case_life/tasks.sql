------------------------------------------------------------------ work of assisting departments
CREATE TABLE case_task (                    -- what an assisting department does for a case
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,
    department_id bigint NOT NULL REFERENCES department,
    words text NOT NULL DEFAULT '',
    due_on date,                            -- last day; null: the limit of the case
    state text NOT NULL CHECK (state IN ('open', 'taken', 'done', 'withdrawn')),
    version int NOT NULL DEFAULT 1,
    made_by bigint REFERENCES person,       -- null: the system, by a dispatch rule
    made_at timestamptz NOT NULL,
    holder_id bigint REFERENCES person,     -- whose it is in its department; null: nobody's
    taken_by bigint REFERENCES person,
    taken_at timestamptz,
    done_by bigint REFERENCES person,
    ended_at timestamptz,                   -- reported or withdrawn
    said text NOT NULL DEFAULT '',          -- the result, or why it was withdrawn
    changed_by bigint REFERENCES person,
    changed_at timestamptz NOT NULL,
    CONSTRAINT an_ended_task_has_its_time CHECK ((state IN ('done', 'withdrawn')) = (ended_at IS NOT NULL))
);
CREATE INDEX case_task_case_idx ON case_task (case_id);
CREATE INDEX case_task_department_idx ON case_task (department_id, case_id) WHERE state <> 'withdrawn';

ALTER TABLE evidence_finding ADD FOREIGN KEY (task_id) REFERENCES case_task;

CREATE TABLE case_task_photo (              -- what a department shows with its result
    task_id bigint NOT NULL REFERENCES case_task,
    sha256 text NOT NULL REFERENCES stored_file,
    position smallint NOT NULL,
    PRIMARY KEY (task_id, sha256)
);
CREATE INDEX case_task_photo_file_idx ON case_task_photo (sha256);

CREATE TABLE case_task_person (             -- to whom a department gave its sub-task, one after the other
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id bigint NOT NULL REFERENCES case_task,
    person_id bigint REFERENCES person,     -- null: taken back
    words text NOT NULL DEFAULT '',
    made_by bigint NOT NULL REFERENCES person,
    made_at timestamptz NOT NULL
);
CREATE INDEX case_task_person_task_idx ON case_task_person (task_id, id);
