#!/bin/bash
# Makes the roles of Tripkey and the user who may only read, in a ClickHouse server. Run once by the image's first start;
# elsewhere, by an administrator:
#
#   READER_PASSWORD_FILE=/path clickhouse-client --user admin ... runs what `make-users.sh --print` shows
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
password_file=${READER_PASSWORD_FILE:-/run/tripkey/reader-password}
statements() {
  cat "$here/roles.sql"
  # The password is never part of a command line; ClickHouse gets, and keeps, its hash.
  printf "CREATE USER IF NOT EXISTS tripkey_reader IDENTIFIED WITH sha256_hash BY '%s' DEFAULT ROLE tripkey_read;\n" \
    "$(tr -d '\n' <"$password_file" | sha256sum | cut -d' ' -f1)"
  echo "GRANT tripkey_read TO tripkey_reader;"
}
if [ "${1:-}" = --print ]; then statements; else statements | clickhouse-client --user "$CLICKHOUSE_USER" --password "$CLICKHOUSE_PASSWORD" --multiquery; fi
