CREATE OR REPLACE VIEW findings AS
SELECT * FROM findings_v1 FINAL
COMMENT 'What the rules saw'
