-- What lists and turns ask for is found without reading what was said, or sessions that are not asked for.
-- How many messages a conversation has. The triggers keep it true whoever writes, in the same transaction.
ALTER TABLE conversations ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET messages = (
  SELECT count(*) FROM said s WHERE s.conversation_id = conversations.conversation_id) + (
  SELECT count(*) FROM messages m WHERE m.partial = 1 AND m.conversation_id = conversations.conversation_id);

CREATE TRIGGER messages_insert AFTER INSERT ON messages
BEGIN
  UPDATE conversations SET messages = messages + 1 WHERE conversation_id = NEW.conversation_id;
END;

CREATE TRIGGER messages_delete AFTER DELETE ON messages
BEGIN
  UPDATE conversations SET messages = messages - 1 WHERE conversation_id = OLD.conversation_id;
END;

CREATE TRIGGER messages_move AFTER UPDATE OF conversation_id ON messages
  WHEN NEW.conversation_id <> OLD.conversation_id
BEGIN
  UPDATE conversations SET messages = messages - 1 WHERE conversation_id = OLD.conversation_id;
  UPDATE conversations SET messages = messages + 1 WHERE conversation_id = NEW.conversation_id;
END;

-- The open ones of a workspace, in their order; all, the newest first; the closed ones of a workspace; those that cleanup
-- looks for; and by name.
CREATE INDEX idx_conversations_open ON conversations (workspace, position) WHERE session_status <> 'Completed';
CREATE INDEX idx_conversations_last_active ON conversations (last_active);
CREATE INDEX idx_conversations_closed ON conversations (workspace) WHERE session_status = 'Completed';
CREATE INDEX idx_conversations_old ON conversations (max(status_since, last_active))
  WHERE session_status = 'Completed' AND closed = 1;
CREATE INDEX idx_conversations_name ON conversations (session_name);
