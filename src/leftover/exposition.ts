import { numberOf } from "../host/prometheus.js";

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/**
 * Samples of Prometheus' text format; undefined where a line is none, as then nothing is known of the rest.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function parseExposition(text: string): Sample[] | undefined {
  const samples: Sample[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [, name = "", inside = "", number = ""] =
      /^([a-zA-Z_:][\w:]*)\s*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)(?:\s+-?\d+)?$/.exec(line) ?? [];
    const labels = labelsOf(inside);
    const value = numberOf(number);
    if (name === "" || labels === undefined || value === undefined) return undefined;
    samples.push({ name, labels, value });
  }
  return samples;
}

function labelsOf(inside: string): Record<string, string> | undefined {
  const pair = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;
  const labels: [string, string][] = [];
  while (pair.lastIndex < inside.length && inside.slice(pair.lastIndex).trim() !== "") {
    const found = pair.exec(inside);
    if (!found) return undefined;
    const [, label = "", value = ""] = found;
    labels.push([label, value.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char))]);
  }
  return Object.fromEntries(labels);
}
