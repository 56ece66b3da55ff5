#!/usr/bin/env bash
# volumes.checksum: sums up the files of a claim by a Job that mounts it, on the cluster that clustershift asks about. The last line
# printed is the sum. It is asked again after an interruption, so that whatever an earlier try has left is removed first.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case $CLUSTERSHIFT_SIDE in
  blue) context=${BLUE_CONTEXT:-blue-checksum} ;;
  green) context=${GREEN_CONTEXT:-green-checksum} ;;
  *) echo "CLUSTERSHIFT_SIDE is ${CLUSTERSHIFT_SIDE}, and neither blue nor green" >&2 && exit 1 ;;
esac
job=clustershift-checksum-$(printf %s "$CLUSTERSHIFT_CLAIM" | cksum | cut -d ' ' -f 1)

on() { kubectl --context "$context" --namespace "$CLUSTERSHIFT_NAMESPACE" "$@"; }
# The volume is let go of once the Pod is gone, which is what clustershift waits for next.
remove() { on delete job "$job" --ignore-not-found --cascade=foreground --wait >&2; }

remove
trap remove EXIT
sed -e "s|JOB_NAME|$job|g" -e "s|CLAIM_NAME|$CLUSTERSHIFT_CLAIM|g" "$here/job.yaml" | on create -f - >&2
while true; do
  conditions=$(on get job "$job" -o 'jsonpath={range .status.conditions[?(@.status=="True")]}{.type} {end}')
  case " $conditions" in
    *' Complete '*) break ;;
    *' Failed '*)
      on logs "job/$job" >&2 || true
      echo "the Job $job failed on $CLUSTERSHIFT_SIDE" >&2
      exit 1
      ;;
  esac
  sleep 2
done
on logs "job/$job" | tail -n 1
