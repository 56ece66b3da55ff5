import type { Params } from "../aws-api/check.js";
import { loadModel, shapeOf } from "../aws-api/model.js";

/** Finds out which operation of a REST service a request is, by the service's model, and with which parameters. */
export type Router = (method: string, url: string, body: string) => { operation: string; params: Params } | undefined;

export function routerOf(models: string, service: string): Router {
  const model = loadModel(models, service);
  const routes = Object.entries(model.operations).map(([operation, { http, input }]) => {
    const [path = ""] = http.requestUri.split("?");
    const names = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = ""]) => name);
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\+?\}/g, "([^/]+)")}$`);
    return {
      operation,
      method: http.method,
      names,
      pattern,
      members: input ? (shapeOf(model, input).members ?? {}) : {},
    };
  });
  return (method, url, body) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    for (const route of routes) {
      const found = route.method === method ? route.pattern.exec(pathname) : null;
      if (!found) continue;
      const params: Params = body === "" ? {} : (JSON.parse(body) as Params);
      for (const [name, { location, locationName = name, shape }] of Object.entries(route.members)) {
        if (location === "uri") params[name] = decodeURIComponent(found[route.names.indexOf(locationName) + 1] ?? "");
        const given = searchParams.getAll(locationName);
        if (location === "querystring" && given.length > 0) {
          const { type } = model.shapes[shape] ?? {};
          if (type === "list") params[name] = given;
          else if (type === "integer") params[name] = Number(given[0]);
          else if (type === "boolean") params[name] = given[0] === "true";
          else params[name] = given[0];
        }
      }
      return { operation: route.operation, params };
    }
    return undefined;
  };
}
