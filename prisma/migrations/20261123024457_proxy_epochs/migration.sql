-- How often the name under which a stdio server's process goes out was ended. Whatever path the change takes, the database
-- counts: a process that runs on with what it was started with must not reach anything under it.
ALTER TABLE "servers" ADD COLUMN "proxy_ends" INTEGER NOT NULL DEFAULT 0;

CREATE FUNCTION "count_proxy_end"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.proxy_ends := OLD.proxy_ends + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER "servers_end_proxy_credential" BEFORE UPDATE OF "status", "config_hash" ON "servers" FOR EACH ROW
  WHEN (NEW.config_hash <> OLD.config_hash OR (NEW.status = 'disabled' AND OLD.status <> NEW.status))
  EXECUTE FUNCTION "count_proxy_end"();

-- Another secret is another process: what the old one was started with ends with its secret.
CREATE FUNCTION "count_proxy_end_of_secret"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE servers s SET proxy_ends = s.proxy_ends + 1
    FROM credentials c WHERE c.id = NEW.credential_id AND s.id = c.server_id AND s.transport = 'stdio';
  RETURN NULL;
END $$;
CREATE TRIGGER "credential_secrets_end_proxy_credential" AFTER UPDATE OF "state" ON "credential_secrets" FOR EACH ROW
  WHEN (NEW.state = 'current' AND OLD.state <> 'current')
  EXECUTE FUNCTION "count_proxy_end_of_secret"();

CREATE FUNCTION "count_proxy_end_of_credential"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE servers s SET proxy_ends = s.proxy_ends + 1 WHERE s.id = NEW.server_id AND s.transport = 'stdio';
  RETURN NULL;
END $$;
CREATE TRIGGER "credentials_end_proxy_credential" AFTER UPDATE OF "retired_at" ON "credentials" FOR EACH ROW
  WHEN (NEW.retired_at IS NOT NULL AND OLD.retired_at IS NULL)
  EXECUTE FUNCTION "count_proxy_end_of_credential"();

-- The epoch that a server's credential for the egress proxy names. Two counts that never fall, added: it rises when either
-- does. A kill of the server, of every way out or of everything ends the credential for good, also after a restore.
CREATE FUNCTION "proxy_epoch_of"("server" uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT s.proxy_ends + coalesce((SELECT max(k.killed_epoch) FROM kill_state k
    WHERE k.scope IN ('everything', 'server:egress', 'server:' || s.name)), 0)
  FROM servers s WHERE s.id = $1
$$;
