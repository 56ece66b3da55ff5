import type { KubeObject } from "../../model/objects.js";
import type { ClusterView } from "./cluster-view.js";

interface Target {
  kind?: string;
  name?: string;
}

/** discovery.k8s.io/v1 and v1beta1 */
interface EndpointSlice extends KubeObject {
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean }; targetRef?: Target }[];
}

interface Endpoints extends KubeObject {
  subsets?: { addresses?: { ip: string; targetRef?: Target }[] }[];
}

/** The ready endpoints of a Service: their Pods' names, or the address where there's no Pod behind one. Sorted. */
export function readyEndpoints(view: ClusterView, namespace: string, service: string): string[] {
  const names = new Set<string>();
  for (const object of view.endpoints.values()) {
    if (object.metadata.namespace !== namespace) continue;
    for (const name of object.kind === "Endpoints" ? ofEndpoints(object, service) : ofSlice(object, service)) {
      names.add(name);
    }
  }
  return [...names].sort();
}

function ofSlice(slice: EndpointSlice, service: string): string[] {
  if (slice.metadata.labels?.["kubernetes.io/service-name"] !== service) return [];
  // An unknown readiness counts as ready: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
  const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
  return ready.flatMap(({ addresses, targetRef }) => nameOf(targetRef, addresses[0]));
}

function ofEndpoints(endpoints: Endpoints, service: string): string[] {
  if (endpoints.metadata.name !== service) return [];
  return (endpoints.subsets ?? []).flatMap(({ addresses = [] }) =>
    addresses.flatMap(({ ip, targetRef }) => nameOf(targetRef, ip)),
  );
}

function nameOf(target: Target | undefined, address: string | undefined): string[] {
  const name = target?.kind === "Pod" ? target.name : address;
  return name ? [name] : [];
}
