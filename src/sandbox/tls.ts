import { generate } from "selfsigned";
import type { KubeObject } from "../model/objects.js";

const mark = { generate: "sandbox.clustershift.dev/generate", hosts: "sandbox.clustershift.dev/hosts" };

/** A Secret whose manifest asks for a certificate gets one for its hosts; any other object comes back as it is. */
export async function withCertificate(object: KubeObject, now: Date): Promise<KubeObject> {
  const annotations = object.metadata.annotations ?? {};
  if (annotations[mark.generate] !== "tls") return object;
  const hosts = (annotations[mark.hosts] ?? "").split(/[\s,]+/).filter((host) => host !== "");
  const notAfterDate = new Date(now.getTime() + 365 * 86_400_000);
  const pair = await generate([{ name: "commonName", value: hosts[0] ?? object.metadata.name }], {
    keyType: "ec",
    notAfterDate,
    extensions: [{ name: "subjectAltName", altNames: hosts.map((value) => ({ type: 2, value })) }],
  });
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const { stringData: _placeholder, ...rest } = object;
  return { ...rest, data: { "tls.crt": base64(pair.cert), "tls.key": base64(pair.private) } };
}
