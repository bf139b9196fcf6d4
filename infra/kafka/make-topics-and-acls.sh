#!/usr/bin/env bash
# Makes Tripkey's topics, and lets each part do with them what it needs and nothing else. For an administrator of Kafka, who
# has Kafka's own tools on the PATH; may be run again.
#
#   make-topics-and-acls.sh BOOTSTRAP [CLIENT_PROPERTIES]
#
# Principals are User:tripkey-ingest, -detector, -alerter and -gateway; REPLICAS (3) and PARTITIONS (6) may be set.
set -euo pipefail

bootstrap=${1:?make-topics-and-acls.sh BOOTSTRAP [CLIENT_PROPERTIES]}
connection=(--bootstrap-server "$bootstrap")
[ -z "${2:-}" ] || connection+=(--command-config "$2")
partitions=${PARTITIONS:-6}
replicas=${REPLICAS:-3}
dayMs=86400000

topic() {
  local name=$1 count=$2
  shift 2
  kafka-topics.sh "${connection[@]}" --create --if-not-exists --topic "$name" \
    --partitions "$count" --replication-factor "$replicas" --config min.insync.replicas=$((replicas > 1 ? 2 : 1)) "$@"
}
allow() {
  local who=$1
  shift
  kafka-acls.sh "${connection[@]}" --add --allow-principal "User:tripkey-$who" "$@" >/dev/null
}

# Records are kept for longer than any outage: ingest reads them when it is back.
topic tripkey.requests.v1 "$partitions" --config retention.ms=$((7 * dayMs)) --config unclean.leader.election.enable=false
topic tripkey.requests.dlq.v1 1 --config retention.ms=$((30 * dayMs))
topic tripkey.findings.v1 "$partitions" --config retention.ms=$((7 * dayMs)) --config unclean.leader.election.enable=false
topic tripkey.keys.v1 1 --config cleanup.policy=compact
# The last heartbeat of each gateway, until it is long gone; stamped by Kafka's clock, as gateways may be off.
topic tripkey.gateways.v1 1 --config cleanup.policy=compact,delete --config retention.ms=$((7 * dayMs)) \
  --config message.timestamp.type=LogAppendTime

allow gateway --operation Write --operation Describe --topic tripkey.requests.v1 --topic tripkey.gateways.v1

allow ingest --operation Read --operation Describe --topic tripkey.requests.v1 --topic tripkey.keys.v1 --topic tripkey.gateways.v1
allow ingest --operation Write --operation Describe --topic tripkey.requests.dlq.v1 --topic tripkey.findings.v1
allow ingest --operation Read --group tripkey-ingest
allow ingest --operation Read --group tripkey-ingest-keys
allow ingest --operation Read --group tripkey-ingest-gateways

allow detector --operation Write --operation Describe --topic tripkey.findings.v1

allow alerter --operation Read --operation Write --operation Describe --topic tripkey.findings.v1
allow alerter --operation Read --group tripkey-alerter

echo "topics and access are as Tripkey needs them"
