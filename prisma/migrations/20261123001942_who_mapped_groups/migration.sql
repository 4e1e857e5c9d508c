-- Who last said what the provider's groups give: for a day they are held to account for a group that came to them by it.
ALTER TABLE "sign_in_settings" ADD COLUMN "mappings_changed_by" UUID, ADD COLUMN "mappings_changed_at" TIMESTAMPTZ(3),
  ADD COLUMN "mappings_changed_solo" BOOLEAN NOT NULL DEFAULT false;
