import { Agent, request } from "undici";
import { type Params, violations } from "./check.js";
import { loadModel } from "./model.js";
import { readAnswer } from "./read-answer.js";
import { writeRequest } from "./write-request.js";

export interface AwsOptions {
  /** The emulator, or what stands before it. */
  endpoint: string;
  region: string;
  /** Folder of botocore's service models. */
  models: string;
}

/** One request of AWS's API: the service as botocore names it, the operation, and its parameters. */
export type Call = (service: string, operation: string, params?: Params) => Promise<Params>;

/** A request that AWS's own description of its API wouldn't take. It isn't sent. */
export class Violation extends Error {
  constructor(
    service: string,
    readonly found: string[],
  ) {
    super(`${service} would refuse this request:\n${found.join("\n")}`);
  }
}

/** Each request has its own: a server may close one that is kept just when it is used again. */
const connections = new Agent({ pipelining: 0 });

/**
 * A client of AWS's API that knows services by botocore's models alone, and sends nothing that these don't allow.
 *
 * @throws Violation before a wrong request, AwsError where the answer is an error
 */
export function createAws({ endpoint, region, models }: AwsOptions): Call {
  return async (service, operation, params = {}) => {
    const model = loadModel(models, service);
    const found = violations(model, operation, params);
    if (found.length > 0) throw new Violation(service, found);
    const { method, path, headers, body } = writeRequest(model, operation, params);
    const answer = await request(`${endpoint}${path}`, {
      dispatcher: connections,
      method: method as "GET",
      // The emulator takes any signature, and reads service and region from it.
      headers: { ...headers, authorization: scopeOf(model.metadata.endpointPrefix, region) },
      ...(body === "" ? {} : { body }),
    });
    const named = [answer.headers["x-amzn-errortype"]].flat()[0];
    return readAnswer(model, operation, { status: answer.statusCode, text: await answer.body.text(), named });
  };
}

function scopeOf(service: string, region: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}
