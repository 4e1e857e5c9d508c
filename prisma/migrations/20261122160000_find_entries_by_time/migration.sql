-- The first number whose entry is not older than the given time, by bisection over the primary key. Times grow with
-- numbers but for the seconds a long transaction holds a row back: callers widen by minutes and compare exactly.
CREATE FUNCTION audit_seq_at(wanted TIMESTAMPTZ) RETURNS BIGINT LANGUAGE plpgsql STABLE AS $$
DECLARE
    low BIGINT := 0;
    high BIGINT;
    middle BIGINT;
BEGIN
    SELECT size INTO high FROM audit_head WHERE id = 1;
    WHILE low < high LOOP
        middle := (low + high) / 2;
        IF (SELECT at FROM audit_entries WHERE seq = middle) < wanted THEN
            low := middle + 1;
        ELSE
            high := middle;
        END IF;
    END LOOP;
    RETURN low;
END
$$;
