/** What AWS was asked before green is stood up: all of it by reading. */
export interface Preflight {
  /** Where green will be. */
  region: string;
  quotas: QuotaUse[];
  /** Undefined where it wasn't asked. */
  permissions?: { principal: string; actions: SimulatedAction[] };
  subnets?: { subnets: FreeSubnet[]; needed: number };
  /** `askedAt`: ISO 8601. */
  version?: { minor: string; offer: ClusterVersion | null; askedAt: string };
  addOns?: { wanted: Record<string, string>; offers: AddOnOffer[] };
  /** Of those that blue runs images from; `answer` is an HTTP status, or null where none came. Asked from here, not from green. */
  registries: { host: string; answer: number | null; why: string }[];
  /** What could not be asked, and why: it is told, and never taken for good. */
  unasked: Unasked[];
}

/** One limit, with what there is and what green adds. */
export interface QuotaUse {
  /** `EC2 vCPUs, on demand, standard families` */
  what: string;
  service: string;
  code: string;
  limit: number;
  used: number;
  adds: number;
}

export interface SimulatedAction {
  /** `eks:CreateCluster` */
  action: string;
  /** ARN, or a pattern of ARNs. */
  on: string;
  isAllowed: boolean;
}

export interface FreeSubnet {
  id: string;
  zone: string;
  /** Addresses that nobody has. */
  free: number;
}

/** What EKS says of a minor of Kubernetes. */
export interface ClusterVersion {
  /** STANDARD_SUPPORT, EXTENDED_SUPPORT or UNSUPPORTED. */
  status: string;
  /** ISO 8601, UTC; null where EKS doesn't say. */
  standardUntil: string | null;
  extendedUntil: string | null;
}

/** The versions of an add-on that fit. */
export interface AddOnOffer {
  name: string;
  versions: string[];
  /** The one that EKS takes where none is named. */
  usual: string | null;
}

export interface Unasked {
  what: string;
  why: string;
}
