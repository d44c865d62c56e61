-- The model that the user chose for this session; NULL: the one of the configuration.
ALTER TABLE conversations ADD COLUMN model TEXT;
