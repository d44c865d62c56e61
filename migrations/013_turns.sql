-- Prompts are counted without reading what was said.
CREATE INDEX idx_messages_prompts ON messages (conversation_id)
  WHERE role = 'user' AND instr(content, '{"type":"text"') > 0;
