import { Scalar, type ScalarTag } from "yaml";
import { parse } from "../kube/json.js";

/**
 * Unquoted scalars as kubectl reads them, which is YAML 1.1 with some of it left out: `yes` and `on` are true, 0644 is octal,
 * and a date is text. Source: the resolver of sigs.k8s.io/yaml (goyaml.v2/resolve.go).
 */
export const kubectlScalars: ScalarTag[] = [
  {
    tag: "tag:yaml.org,2002:null",
    default: true,
    test: /^(?:~|[Nn]ull|NULL)?$/,
    resolve: () => new Scalar(null),
  },
  {
    tag: "tag:yaml.org,2002:bool",
    default: true,
    test: /^(?:[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
    resolve: (text) => /^(?:y|t|on)/i.test(text),
  },
  {
    tag: "tag:yaml.org,2002:int",
    default: true,
    test: /^[-+]?(?:0[bB][01_]+|0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)$/,
    resolve: integer,
  },
  {
    tag: "tag:yaml.org,2002:float",
    default: true,
    test: /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
    resolve: (text) => Number(text.replaceAll("_", "")),
  },
  {
    tag: "tag:yaml.org,2002:float",
    default: true,
    test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
    resolve: (text, onError) => {
      onError("no object of Kubernetes can hold infinity or NaN");
      return text;
    },
  },
];

/** In the form in which JSON's numbers are kept here, so that none beyond 2^53 loses digits. */
function integer(text: string): unknown {
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "")) ?? [];
  const written = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  try {
    const [value] = parse(`[${sign === "-" && BigInt(written) !== 0n ? "-" : ""}${BigInt(written)}]`) as unknown[];
    return value;
  } catch {
    return text;
  }
}
