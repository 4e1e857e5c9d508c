-- Hunts: sets of filters under a name, each person's own.
CREATE TABLE "audit_hunts" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "filters" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "audit_hunts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audit_hunts_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "audit_hunts_name" CHECK (char_length("name") BETWEEN 1 AND 60)
);
CREATE UNIQUE INDEX "audit_hunts_person_id_name_key" ON "audit_hunts" ("person_id", "name");
