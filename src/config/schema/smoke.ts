import { z } from "zod";
import { isServer, unique } from "../rules.js";
import { age, port, text, textLike, wait, webUrl } from "./values.js";

const checkName = textLike("Unique among the checks: what reports call it.", "app answers");

const check = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("http"),
    name: checkName,
    url: webUrl.meta({
      description: "What is asked for, under production's name.",
      examples: ["https://app.acme.example/health"],
    }),
    /** Where to connect instead of resolving the name: green's, under production's name. */
    address: text
      .default("ingress")
      .meta({ description: "Name of an address among green's outputs, or an IP address." }),
    status: z.int().min(100).max(599).default(200).meta({ description: "Status that the answer must have." }),
    bodyContains: text.optional().meta({ description: "Text that the answer must hold." }),
    header: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: "Response headers that must have these values." }),
  }),
  z.strictObject({
    kind: z.literal("tcp"),
    name: checkName,
    address: text
      .default("ingress")
      .meta({ description: "Name of an address among green's outputs, or an IP address." }),
    port: port.meta({ description: "Port that must take a connection.", examples: [443] }),
  }),
  z.strictObject({
    kind: z.literal("udp-syslog"),
    name: checkName,
    group: textLike("Node group; one message goes to each of its nodes.", "syslog"),
    port: port.default(514).meta({ description: "UDP port of the syslog receiver." }),
  }),
  z.strictObject({
    kind: z.literal("dns"),
    name: checkName,
    query: textLike("Name that must resolve.", "app.acme.example"),
    type: z.enum(["A", "AAAA", "CNAME", "TXT"]).default("A").meta({ description: "Type of the answer." }),
    server: z
      .string()
      .refine(isServer, 'is no IP address, with or without a port: write for example "10.0.0.2:53"')
      .optional()
      .meta({ description: "IP[:port] of the name server. Default: the system's." }),
  }),
  z.strictObject({
    kind: z.literal("tls"),
    name: checkName,
    serverName: textLike("Name that the certificate must hold.", "app.acme.example"),
    address: text
      .default("ingress")
      .meta({ description: "Name of an address among green's outputs, or an IP address." }),
    port: port.default(443).meta({ description: "TCP port of the TLS server." }),
    validFor: age.default("7d").meta({ description: "How long the certificate must still hold." }),
    trust: z.enum(["system", "any"]).default("system").meta({
      description: "Whose certificates count: those that this system trusts, or any, for private authorities.",
    }),
  }),
  z.strictObject({
    kind: z.literal("workloads"),
    name: checkName,
    namespaces: z.array(text).optional().meta({ description: "Whose workloads must be ready. Default: all." }),
    timeout: wait.default("5m").meta({ description: "How long workloads may take to be ready." }),
  }),
  z.strictObject({ kind: z.literal("parity"), name: checkName }),
]);

export const smoke = z
  .strictObject({
    maxAge: wait.default("30m").meta({ description: "Older results are no evidence." }),
    checks: z
      .array(check)
      .default([])
      .superRefine(unique(({ name }) => [name]))
      .meta({ description: "What must hold of green before it gets traffic, and after each step." }),
    timeout: wait.default("10s").meta({ description: "For each single network check." }),
  })
  .prefault({});
