-- Dispatch rules say more: condition, weekdays and hours, post, assisting departments, owner.

ALTER TABLE dispatch_rule
    ADD COLUMN condition_no int,                        -- of the class; null: every condition
    ADD COLUMN weekdays smallint[],                     -- 1 Monday … 7 Sunday; null: every day
    ADD COLUMN starts time,                             -- null with `ends`: the whole day
    ADD COLUMN ends time,                               -- before or at `starts`: runs past midnight
    ADD COLUMN post text NOT NULL DEFAULT 'handler',    -- role in the department that takes it up
    ADD COLUMN owner text NOT NULL DEFAULT '',          -- who answers for the rule
    ADD CONSTRAINT dispatch_rule_weekdays_check CHECK (
        weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[] AND cardinality(weekdays) > 0),
    ADD CONSTRAINT dispatch_rule_hours_check CHECK ((starts IS NULL) = (ends IS NULL));

CREATE TABLE dispatch_rule_assistant (      -- departments that help the one named by the rule
    rule_id bigint NOT NULL REFERENCES dispatch_rule,
    department_id bigint NOT NULL REFERENCES department,
    position smallint NOT NULL,
    PRIMARY KEY (rule_id, department_id)
);

CREATE TABLE dispatch_automatic (           -- which classes the product dispatches by itself, and from when
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('component', 'event')),
    edition text NOT NULL,
    class_code text NOT NULL,               -- prefix of the class: '0101', '01' or ''
    automatic boolean NOT NULL,
    starts_at timestamptz NOT NULL,
    set_at timestamptz NOT NULL,
    set_by bigint REFERENCES person,
    CONSTRAINT one_answer_per_class_and_moment UNIQUE (kind, edition, class_code, starts_at)
);

CREATE INDEX case_event_dispatch_idx ON case_event (at) WHERE move = 'dispatch';   -- figures of dispatch
