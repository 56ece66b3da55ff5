/** The label by which nodes say their zone since 1.17. */
export const zoneKey = "topology.kubernetes.io/zone";
