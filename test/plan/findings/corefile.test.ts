import { describe, expect, it } from "vitest";
import { corefileChanges } from "../../../src/plan/findings/corefile.js";

/** As kubeadm, kops and EKS ship it; old versions say proxy, upstream and autopath. */
const shipped = [
  `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
    }
    loop
    reload
    loadbalance
}`,
  `.:53 {
  errors
  health
  kubernetes cluster.local. in-addr.arpa ip6.arpa {
    pods insecure
    upstream
    fallthrough in-addr.arpa ip6.arpa
  }
  prometheus :9153
  proxy . /etc/resolv.conf
  cache 30
  autopath @kubernetes
  # forward . 10.0.0.2
}
`,
  `.:53 {
    health { lameduck 5s }
    kubernetes cluster.local. in-addr.arpa { pods insecure
      fallthrough in-addr.arpa }
    forward . /etc/resolv.conf { max_concurrent 1000 }
}
`,
];

const within = (lines: string): string => `.:53 {\n  errors\n  ${lines}\n  forward . /etc/resolv.conf\n}\n`;

describe("corefileChanges", () => {
  it.each(shipped)("has nothing to say of what is shipped", (corefile) => {
    expect(corefileChanges(corefile)).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    [
      "stub domains",
      `${shipped[0]}\ncorp.example:53 db.corp.example {\n  errors\n  forward . 10.1.0.2 10.1.0.3\n}`,
      ["a block for corp.example, db.corp.example (forward . 10.1.0.2 10.1.0.3)"],
    ],
    ["a block without a resolver", "corp.example {\n  file /etc/zone\n}", ["a block for corp.example"]],
    ["other resolvers", ".:53 {\n  forward . 10.0.0.2 tls://1.1.1.1\n}", ["forward . 10.0.0.2 tls://1.1.1.1"]],
    ["a resolver for one domain", within("forward corp.example 10.1.0.2"), ["forward corp.example 10.1.0.2"]],
    [
      "names of one's own",
      within("hosts {\n    10.0.0.9 registry.corp.example\n    fallthrough\n  }"),
      ["hosts { 10.0.0.9 registry.corp.example; fallthrough }"],
    ],
    ["rewriting", within("rewrite name a.example b.example"), ["rewrite name a.example b.example"]],
    ["logging", within("log"), ["log"]],
    ["another cluster domain", within("kubernetes acme.local in-addr.arpa {\n }"), ["kubernetes acme.local"]],
    ["an import", "import custom/*.server\n.:53 {\n  errors\n}", ["a block for import, custom/*.server"]],
  ])("names %s", (_, corefile, changes) => {
    expect(corefileChanges(corefile)).toEqual(changes);
  });

  it.each(["", "}", "}}}\n{", ".:53 {", "{{{{", "\u0000"])("survives %j", (corefile) => {
    expect(() => corefileChanges(corefile)).not.toThrow();
  });
});
