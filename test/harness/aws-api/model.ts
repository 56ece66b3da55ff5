import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A type of AWS's API, as botocore's service models describe it. */
export interface Shape {
  type:
    | "structure"
    | "list"
    | "map"
    | "string"
    | "integer"
    | "long"
    | "boolean"
    | "timestamp"
    | "blob"
    | "float"
    | "double";
  members?: Record<string, Member>;
  required?: string[];
  member?: Member;
  key?: Member;
  value?: Member;
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
  flattened?: boolean;
  payload?: string;
}

/** Where a member stands in a request or an answer, and its type's name. */
export interface Member {
  shape: string;
  location?: "uri" | "querystring" | "header" | "headers" | "statusCode";
  locationName?: string;
  queryName?: string;
  flattened?: boolean;
  xmlNamespace?: { uri: string };
}

export interface Operation {
  http: { method: string; requestUri: string };
  input?: Member;
  output?: { shape: string; resultWrapper?: string };
}

export interface Model {
  metadata: {
    protocol: "ec2" | "query" | "json" | "rest-json" | "rest-xml";
    apiVersion: string;
    endpointPrefix: string;
    targetPrefix?: string;
    jsonVersion?: string;
  };
  operations: Record<string, Operation>;
  shapes: Record<string, Shape>;
}

/** The folder of botocore's models: they come with the emulator, in the same virtual environment. */
export function modelsBeside(motoServer: string): string {
  const lib = join(dirname(dirname(realpathSync(motoServer))), "lib");
  const [python = ""] = readdirSync(lib).filter((name) => name.startsWith("python"));
  return join(lib, python, "site-packages", "botocore", "data");
}

const loaded = new Map<string, Model>();

/** A service's newest model: `ec2`, `eks`, … */
export function loadModel(folder: string, service: string): Model {
  const at = join(folder, service);
  const known = loaded.get(at);
  if (known) return known;
  const newest = readdirSync(at).sort().at(-1) ?? "";
  const model = JSON.parse(gunzipSync(readFileSync(join(at, newest, "service-2.json.gz"))).toString()) as Model;
  loaded.set(at, model);
  return model;
}

export function shapeOf(model: Model, { shape }: { shape: string }): Shape {
  const found = model.shapes[shape];
  if (!found) throw new Error(`the model has no shape ${shape}`);
  return found;
}

export function operationOf(model: Model, name: string): Operation {
  const found = model.operations[name];
  if (!found) throw new Error(`${model.metadata.endpointPrefix} has no operation ${name}`);
  return found;
}
