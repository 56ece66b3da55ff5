/** The port on which the pods of a zone answer each other. */
export const port = 8080;

/** What a listener says to who connects. */
const greeting = "clustershift-validates";

/** What answers the pods of other zones, for as long as the pod may live. */
export const listenScript = `while :; do echo ${greeting} | nc -l -p ${port} || sleep 1; done`;

/**
 * What a caller tries, one line each into the termination message: what, a tab, and \`ok\` or what went wrong. PEERS is
 * \`zone=address\` pairs. A name counts as resolved only where the answer is the address of the API's own service, which the
 * kubelet has put into the environment. A listener takes one connection after the other, so that peers are tried again.
 */
export const callScript = `
one_line() { tr '\\n\\t' '  ' | cut -c 1-200; }
report() { printf '%s\\t%s\\n' "$1" "$2"; }
resolve() {
  said=$(timeout 20 nslookup kubernetes.default.svc.cluster.local 2>&1)
  if echo "$said" | grep -Eq "(^|[^0-9.])$KUBERNETES_SERVICE_HOST([^0-9.]|$)"; then report name ok
  else report name "$(echo "$said" | one_line)"; fi
}
api() {
  said=$(timeout 10 nc -w 5 "$KUBERNETES_SERVICE_HOST" "$KUBERNETES_SERVICE_PORT" </dev/null 2>&1) && { report api ok; return; }
  report api "no connection to $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT $(echo "$said" | one_line)"
}
peer() {
  for attempt in 1 2 3 4 5; do
    said=$(timeout 10 nc -w 5 "$2" ${port} </dev/null 2>&1)
    [ "$said" = ${greeting} ] && { report "zone $1" ok; return; }
    sleep 1
  done
  report "zone $1" "no answer from $2 $(echo "$said" | one_line)"
}
{
  resolve
  api
  for pair in $PEERS; do peer "\${pair%%=*}" "\${pair#*=}"; done
} >"\${MESSAGE:-/dev/termination-log}"
`.trim();
