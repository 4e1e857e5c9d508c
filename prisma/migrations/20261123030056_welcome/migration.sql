-- Who has put the list of the first hour aside: a preference of one person, and nothing that any decision reads.
CREATE TABLE "welcome_dismissals" (
    "person_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "welcome_dismissals_pkey" PRIMARY KEY ("person_id")
);
ALTER TABLE "welcome_dismissals" ADD CONSTRAINT "welcome_dismissals_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;
