-- Full text search in what was said. The index holds words only, no second copy of the text; `said` gives each message
-- of it a number. A message that is still growing (partial) is left out and read directly: an answer is saved once a
-- second while it streams, and indexing it each time would cost more than the answer.
CREATE TABLE said (
  said_id         INTEGER PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  seq             INTEGER NOT NULL,
  -- as in messages: the newest are found without reading what was said
  created_at      INTEGER NOT NULL,
  UNIQUE (conversation_id, seq)
) STRICT;

CREATE VIRTUAL TABLE said_words USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);

CREATE INDEX idx_messages_partial ON messages (partial) WHERE partial = 1;

INSERT INTO said (conversation_id, seq, created_at)
  SELECT conversation_id, seq, created_at FROM messages WHERE partial = 0 ORDER BY created_at, conversation_id, seq;
-- json_extract by the whole message's path: a block that is no object yields nothing instead of an error.
INSERT INTO said_words (rowid, text)
  SELECT s.said_id, (
    SELECT group_concat(json_extract(m.content, b.fullkey || '.text'), char(10)) FROM json_each(m.content) b
    WHERE json_extract(m.content, b.fullkey || '.type') = 'text')
  FROM said s JOIN messages m USING (conversation_id, seq);

CREATE TRIGGER said_insert AFTER INSERT ON messages WHEN NEW.partial = 0
BEGIN
  INSERT INTO said (conversation_id, seq, created_at) VALUES (NEW.conversation_id, NEW.seq, NEW.created_at);
  INSERT INTO said_words (rowid, text)
    SELECT s.said_id, (
      SELECT group_concat(json_extract(NEW.content, b.fullkey || '.text'), char(10)) FROM json_each(NEW.content) b
      WHERE json_extract(NEW.content, b.fullkey || '.type') = 'text')
    FROM said s WHERE s.conversation_id = NEW.conversation_id AND s.seq = NEW.seq;
END;

CREATE TRIGGER said_delete AFTER DELETE ON messages WHEN OLD.partial = 0
BEGIN
  DELETE FROM said_words WHERE rowid =
    (SELECT said_id FROM said WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq);
  DELETE FROM said WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq;
END;

-- Not while a message grows: both are partial then.
CREATE TRIGGER said_update AFTER UPDATE OF conversation_id, seq, content, partial, created_at ON messages
  WHEN OLD.partial = 0 OR NEW.partial = 0
BEGIN
  DELETE FROM said_words WHERE rowid =
    (SELECT said_id FROM said WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq);
  DELETE FROM said WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq;
  INSERT INTO said (conversation_id, seq, created_at)
    SELECT NEW.conversation_id, NEW.seq, NEW.created_at WHERE NEW.partial = 0;
  INSERT INTO said_words (rowid, text)
    SELECT s.said_id, (
      SELECT group_concat(json_extract(NEW.content, b.fullkey || '.text'), char(10)) FROM json_each(NEW.content) b
      WHERE json_extract(NEW.content, b.fullkey || '.type') = 'text')
    FROM said s WHERE s.conversation_id = NEW.conversation_id AND s.seq = NEW.seq AND NEW.partial = 0;
END;
