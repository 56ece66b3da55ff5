import type { Params } from "./check.js";
import { type Member, type Model, operationOf, type Shape, shapeOf } from "./model.js";
import { escaped, writeXml } from "./xml.js";

export interface HttpRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A request as the service's protocol writes it; unsigned. */
export function writeRequest(model: Model, name: string, params: Params): HttpRequest {
  const { http, input } = operationOf(model, name);
  const { protocol, apiVersion, targetPrefix, jsonVersion } = model.metadata;
  if (protocol === "ec2" || protocol === "query") {
    const query = new URLSearchParams({ Action: name, Version: apiVersion });
    if (input) addQuery(model, query, "", input, params, protocol === "ec2");
    return posted("/", "application/x-www-form-urlencoded", query.toString());
  }
  if (protocol === "json") {
    const { headers, ...rest } = posted("/", `application/x-amz-json-${jsonVersion}`, JSON.stringify(params));
    return { ...rest, headers: { ...headers, "x-amz-target": `${targetPrefix}.${name}` } };
  }
  return rest(model, http, input && shapeOf(model, input), input, params);
}

function posted(path: string, type: string, body: string): HttpRequest {
  return { method: "POST", path, headers: { "content-type": type }, body };
}

/** EC2 numbers members of lists without a word between, and capitalises names; the older query protocol does neither. */
function addQuery(
  model: Model,
  query: URLSearchParams,
  prefix: string,
  member: Member,
  value: unknown,
  ec2: boolean,
): void {
  if (value === undefined) return;
  const shape = shapeOf(model, member);
  if (shape.type === "structure") {
    for (const [name, inner] of Object.entries(shape.members ?? {})) {
      const own = ec2 ? (inner.queryName ?? capitalised(inner.locationName ?? name)) : (inner.locationName ?? name);
      addQuery(model, query, prefix === "" ? own : `${prefix}.${own}`, inner, (value as Params)[name], ec2);
    }
  } else if (shape.type === "list" && shape.member) {
    const flat = ec2 || shape.flattened;
    const base = flat ? prefix : `${prefix}.${shape.member.locationName ?? "member"}`;
    for (const [index, each] of (value as unknown[]).entries()) {
      addQuery(model, query, `${base}.${index + 1}`, shape.member, each, ec2);
    }
  } else query.append(prefix, String(value));
}

function capitalised(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function rest(
  model: Model,
  http: { method: string; requestUri: string },
  shape: Shape | undefined,
  input: Member | undefined,
  params: Params,
): HttpRequest {
  let path = http.requestUri;
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  const inBody: Params = {};
  for (const [name, member] of Object.entries(shape?.members ?? {})) {
    const value = params[name];
    if (value === undefined) continue;
    const own = member.locationName ?? name;
    if (member.location === "uri")
      path = path.replace(new RegExp(`\\{${own}\\+?\\}`), encodeURIComponent(String(value)));
    else if (member.location === "querystring") for (const each of [value].flat()) query.append(own, String(each));
    else if (member.location === "header") headers[own] = String(value);
    else inBody[name] = value;
  }
  if (query.size > 0) path += `${path.includes("?") ? "&" : "?"}${query}`;
  const body = restBody(model, shape, input, inBody);
  if (body !== "") headers["content-type"] = model.metadata.protocol === "rest-json" ? "application/json" : "text/xml";
  return { method: http.method, path, headers, body };
}

function restBody(model: Model, shape: Shape | undefined, input: Member | undefined, params: Params): string {
  if (!shape || Object.keys(params).length === 0) return "";
  const payload = shape.payload === undefined ? undefined : shape.members?.[shape.payload];
  const content = shape.payload === undefined ? params : params[shape.payload];
  if (typeof content === "string") return content;
  if (model.metadata.protocol === "rest-json") return JSON.stringify(content);
  if (payload) return xmlOf(model, payload.locationName ?? payload.shape, payload, content);
  return input ? xmlOf(model, input.locationName ?? input.shape, input, content) : "";
}

function xmlOf(model: Model, name: string, member: Member, value: unknown): string {
  const shape = shapeOf(model, member);
  if (shape.type === "structure") {
    const inner = Object.entries(shape.members ?? {}).map(([key, each]) => {
      const given = (value as Params)[key];
      return given === undefined ? "" : xmlOf(model, each.locationName ?? key, each, given);
    });
    return writeXml(name, inner.join(""), member.xmlNamespace?.uri);
  }
  if (shape.type === "list" && shape.member) {
    const { member: of } = shape;
    const each = (value as unknown[]).map((one) =>
      xmlOf(model, shape.flattened ? name : (of.locationName ?? "member"), of, one),
    );
    return shape.flattened ? each.join("") : writeXml(name, each.join(""));
  }
  return writeXml(name, escaped(String(value)));
}
