-- A view keeps the columns that its table had when it was made.
CREATE OR REPLACE VIEW keys AS
SELECT * FROM keys_v1 FINAL
COMMENT 'Newest record of every key'
