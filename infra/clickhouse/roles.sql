-- Roles of Tripkey in a ClickHouse server: who may do what, and no more. Names of the database as by default.
-- Services need one user each with its role, or one user with the first three.

-- ingest: writes events, and reads what it wrote to settle a batch after a crash.
CREATE ROLE IF NOT EXISTS tripkey_ingest;
GRANT SELECT, INSERT ON tripkey.* TO tripkey_ingest;
-- Its hourly check marks repeated events, and takes copies of a row out by way of a table of their own. Before 26.6
-- ClickHouse wants the right on _row_exists for DELETE FROM, too.
GRANT ALTER UPDATE(is_repeat, _row_exists), ALTER DELETE ON tripkey.requests_raw_v1 TO tripkey_ingest;
GRANT TRUNCATE ON tripkey.requests_repair_v1 TO tripkey_ingest;

-- detector and alerter: read events, write what they found and did.
CREATE ROLE IF NOT EXISTS tripkey_judge;
GRANT SELECT, INSERT ON tripkey.* TO tripkey_judge;

-- tripkey migrate: makes and changes tables. Not used by what runs all the time.
CREATE ROLE IF NOT EXISTS tripkey_admin;
GRANT ALL ON tripkey.* TO tripkey_admin;

-- Analysts, Grafana, the SQL page: the views and the events, nothing that is a credential, within limits.
CREATE SETTINGS PROFILE IF NOT EXISTS tripkey_read_limits SETTINGS
    readonly = 2,
    max_execution_time = 30 MAX 30,
    max_memory_usage = 1000000000 MAX 1000000000,
    max_result_rows = 10000000 MAX 10000000,
    max_result_bytes = 1000000000 MAX 1000000000,
    result_overflow_mode = 'throw' CONST,
    max_concurrent_queries_for_user = 10 MAX 10;
CREATE ROLE IF NOT EXISTS tripkey_read SETTINGS PROFILE 'tripkey_read_limits';
GRANT SELECT ON tripkey.usage TO tripkey_read;
GRANT SELECT ON tripkey.keys TO tripkey_read;
GRANT SELECT ON tripkey.findings TO tripkey_read;
GRANT SELECT ON tripkey.requests_raw_v1 TO tripkey_read;
GRANT SELECT ON tripkey.usage_per_minute_v1 TO tripkey_read;
GRANT SELECT ON tripkey.keys_v1 TO tripkey_read;
GRANT SELECT ON tripkey.findings_v1 TO tripkey_read;
GRANT SELECT ON tripkey.incidents TO tripkey_read;
GRANT SELECT ON tripkey.actions TO tripkey_read;
GRANT SELECT ON tripkey.endpoint_use TO tripkey_read;
GRANT SELECT ON tripkey.gateway_runs TO tripkey_read;
-- What these views read.
GRANT SELECT ON tripkey.incident_events_v1 TO tripkey_read;
GRANT SELECT ON tripkey.endpoint_use_v1 TO tripkey_read;
GRANT SELECT ON tripkey.gateway_heartbeats_v1 TO tripkey_read;
