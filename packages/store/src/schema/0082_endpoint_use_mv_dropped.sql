-- It took a quarter of what an insert costs; foldEndpointUse fills the table now.
DROP VIEW IF EXISTS endpoint_use_mv_v1
