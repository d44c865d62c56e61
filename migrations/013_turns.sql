-- How many prompts a conversation has: messages of the user's that are more than results of tools. In the JSON that is
-- written here, `{"type":"text"` stands at a block of text and nowhere else: inside of a text its quotes are escaped.
-- The triggers keep it true whoever writes, in the same transaction; nobody has to read what was said to count it.
ALTER TABLE conversations ADD COLUMN turns INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET turns = (
  SELECT count(*) FROM messages m WHERE m.conversation_id = conversations.conversation_id
    AND m.role = 'user' AND instr(m.content, '{"type":"text"') > 0);

CREATE TRIGGER turns_insert AFTER INSERT ON messages
  WHEN NEW.role = 'user' AND instr(NEW.content, '{"type":"text"') > 0
BEGIN
  UPDATE conversations SET turns = turns + 1 WHERE conversation_id = NEW.conversation_id;
END;

CREATE TRIGGER turns_delete AFTER DELETE ON messages
  WHEN OLD.role = 'user' AND instr(OLD.content, '{"type":"text"') > 0
BEGIN
  UPDATE conversations SET turns = turns - 1 WHERE conversation_id = OLD.conversation_id;
END;

-- Results of tools grow; a prompt that is changed stays one.
CREATE TRIGGER turns_update AFTER UPDATE OF conversation_id, role, content ON messages
  WHEN OLD.role = 'user' OR NEW.role = 'user'
BEGIN
  UPDATE conversations SET turns = turns - 1
    WHERE conversation_id = OLD.conversation_id AND OLD.role = 'user' AND instr(OLD.content, '{"type":"text"') > 0;
  UPDATE conversations SET turns = turns + 1
    WHERE conversation_id = NEW.conversation_id AND NEW.role = 'user' AND instr(NEW.content, '{"type":"text"') > 0;
END;
