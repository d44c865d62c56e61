-- Every name that a session bears or has borne, and in which workspace ('': a plain chat): a name that was handed to
-- somebody leads to its session also after that was renamed, and is given to no other by itself. The triggers keep it
-- true whoever writes, in the same transaction; the names of a session that is deleted go with it.
CREATE TABLE names (
  -- grows: of several sessions that have borne a name, it means the last that took it
  taken           INTEGER PRIMARY KEY,
  workspace       TEXT NOT NULL,
  name            TEXT NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  -- dev-12 is the stem dev- and the number 12; what has more than six digits was no count
  stem            TEXT GENERATED ALWAYS AS (rtrim(name, '0123456789')) VIRTUAL,
  number          INTEGER GENERATED ALWAYS AS (
    iif(length(name) - length(rtrim(name, '0123456789')) BETWEEN 1 AND 6,
      CAST(substr(name, length(rtrim(name, '0123456789')) + 1) AS INTEGER), NULL)) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX idx_names_name ON names (name, workspace, conversation_id);
CREATE INDEX idx_names_number ON names (stem, workspace, number);
CREATE INDEX idx_names_conversation ON names (conversation_id);

INSERT INTO names (workspace, name, conversation_id)
  SELECT coalesce(workspace, ''), session_name, conversation_id FROM conversations
  ORDER BY session_status <> 'Completed', last_active;

CREATE TRIGGER names_insert AFTER INSERT ON conversations
BEGIN
  INSERT INTO names (workspace, name, conversation_id)
    VALUES (coalesce(NEW.workspace, ''), NEW.session_name, NEW.conversation_id);
END;

-- A session that is opened again takes its name anew.
CREATE TRIGGER names_update AFTER UPDATE OF session_name, workspace, session_status ON conversations
  WHEN NEW.session_name <> OLD.session_name OR NEW.workspace IS NOT OLD.workspace
    OR (OLD.session_status = 'Completed' AND NEW.session_status <> 'Completed')
BEGIN
  -- What it was called elsewhere leads to it here, too, where it leads to nobody yet.
  INSERT INTO names (workspace, name, conversation_id)
    SELECT coalesce(NEW.workspace, ''), old.name, NEW.conversation_id FROM names old
    WHERE old.conversation_id = NEW.conversation_id AND old.workspace = coalesce(OLD.workspace, '')
      AND NEW.workspace IS NOT OLD.workspace
      AND NOT EXISTS (SELECT 1 FROM names here WHERE here.name = old.name AND here.workspace = coalesce(NEW.workspace, ''))
    ORDER BY old.taken;
  DELETE FROM names WHERE name = NEW.session_name AND workspace = coalesce(NEW.workspace, '')
    AND conversation_id = NEW.conversation_id;
  INSERT INTO names (workspace, name, conversation_id)
    VALUES (coalesce(NEW.workspace, ''), NEW.session_name, NEW.conversation_id);
END;
