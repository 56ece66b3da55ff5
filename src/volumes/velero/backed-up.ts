import type { BackedUpClaim, BackedUpPod, DataMethod } from "../../model/backed-up-claim.js";
import type { PlannedVolume } from "../../model/volumes.js";

/** What a restore needs to know of a backup. */
export interface BackedUp {
  name: string;
  claims: readonly BackedUpClaim[];
  pods: readonly BackedUpPod[];
}

/** Claims of one namespace that one Restore brings. */
export interface RestoreGroup {
  /** Green's namespace; `shop>store` where it has another name than blue's; `shop+pods` of claims that come with Pods. */
  id: string;
  from: string;
  to: string;
  claims: PlannedVolume[];
  methods: DataMethod[];
  /** Of the claims, where the namespace has others in the backup, which must not come; a claim with all labels of one of these is meant. */
  labels?: Readonly<Record<string, string>>[];
  /** All Pods that come with them, for their files. */
  pods?: BackedUpPod[];
}
