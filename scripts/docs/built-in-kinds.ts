/** Every kind that an API server of 1.35 serves by itself and can list. A test compares it with a real server. */
export const builtInKinds: readonly string[] = `
APIService.apiregistration.k8s.io CSIDriver.storage.k8s.io CSINode.storage.k8s.io CSIStorageCapacity.storage.k8s.io
CertificateSigningRequest.certificates.k8s.io ClusterRole.rbac.authorization.k8s.io
ClusterRoleBinding.rbac.authorization.k8s.io ComponentStatus ConfigMap ControllerRevision.apps CronJob.batch
CustomResourceDefinition.apiextensions.k8s.io DaemonSet.apps Deployment.apps DeviceClass.resource.k8s.io
EndpointSlice.discovery.k8s.io Endpoints Event Event.events.k8s.io FlowSchema.flowcontrol.apiserver.k8s.io
HorizontalPodAutoscaler.autoscaling IPAddress.networking.k8s.io Ingress.networking.k8s.io
IngressClass.networking.k8s.io Job.batch Lease.coordination.k8s.io LimitRange
MutatingWebhookConfiguration.admissionregistration.k8s.io Namespace NetworkPolicy.networking.k8s.io Node
PersistentVolume PersistentVolumeClaim Pod PodDisruptionBudget.policy PodTemplate PriorityClass.scheduling.k8s.io
PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io ReplicaSet.apps ReplicationController
ResourceClaim.resource.k8s.io ResourceClaimTemplate.resource.k8s.io ResourceQuota ResourceSlice.resource.k8s.io
Role.rbac.authorization.k8s.io RoleBinding.rbac.authorization.k8s.io RuntimeClass.node.k8s.io Secret Service
ServiceAccount ServiceCIDR.networking.k8s.io StatefulSet.apps StorageClass.storage.k8s.io
ValidatingAdmissionPolicy.admissionregistration.k8s.io ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io
ValidatingWebhookConfiguration.admissionregistration.k8s.io VolumeAttachment.storage.k8s.io
VolumeAttributesClass.storage.k8s.io`
  .trim()
  .split(/\s+/);
