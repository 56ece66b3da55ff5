export { generateIdentity, type Identity, readIdentityFile, writeIdentityFile } from "./identity.js";
export { bundleHash, type StoredManifest } from "./manifest.js";
export { type Bundle, type OpenOptions, openBundle } from "./read.js";
export { type VerifiedBundle, verifyBundle } from "./verify.js";
export { type BundleProgress, type KindPages, type WriteBundleOptions, writeBundle } from "./write.js";
