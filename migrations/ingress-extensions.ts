import type { Migration } from "../src/model/migration.js";
import { migrateIngress } from "./shared/ingress.js";

export const ingressExtensions: Migration = {
  id: "ingress-extensions",
  from: { group: "extensions", kind: "Ingress", versions: ["v1beta1"] },
  to: "networking.k8s.io/v1",
  removedIn: "1.22",
  summary: "backend becomes defaultBackend and service; pathType is pinned to the old default, ImplementationSpecific.",
  migrate: migrateIngress,
};
