/** ServiceAccounts in kube-system that the controller manager makes for its own controllers. */
export const controllerAccounts = new Set(
  `attachdetach-controller aws-cloud-provider bootstrap-signer certificate-controller cloud-provider
  clusterrole-aggregation-controller cronjob-controller daemon-set-controller deployment-controller
  device-taint-eviction-controller disruption-controller endpoint-controller endpointslice-controller
  endpointslicemirroring-controller ephemeral-volume-controller expand-controller generic-garbage-collector
  horizontal-pod-autoscaler job-controller legacy-service-account-token-cleaner namespace-controller node-controller
  persistent-volume-binder pod-garbage-collector podcertificaterequestcleaner-controller pv-protection-controller
  pvc-protection-controller replicaset-controller replication-controller resource-claim-controller
  resourcequota-controller root-ca-cert-publisher route-controller selinux-warning-controller
  service-account-controller service-cidrs-controller service-controller shared-informers statefulset-controller
  storage-version-migrator-controller storageversion-garbage-collector token-cleaner ttl-after-finished-controller
  ttl-controller validatingadmissionpolicy-status-controller volumeattributesclass-protection-controller`.split(/\s+/),
);
