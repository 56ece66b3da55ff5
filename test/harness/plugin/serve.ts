import { type handleUnaryCall, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import grpcOfProviders from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { messageOf } from "../../../src/model/errors.js";
import { differing, type Plugin, type Props } from "./plugin.js";

/**
 * Serves a plugin to Pulumi's engine, which started this process, and says on which port.
 *
 * The protocol's own messages are used rather than Pulumi's wrapper for providers in Node: that one hands on neither the
 * provider's configuration nor a resource's old inputs.
 */
export async function serve(plugin: Plugin): Promise<void> {
  const server = new Server({ "grpc.max_receive_message_length": 1 << 28 });
  server.addService(grpcOfProviders.ResourceProviderService as never, methods(plugin) as never);
  const port = await new Promise<number>((done, failed) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) failed(error);
      else done(bound);
    });
  });
  // An engine that is killed stops nobody; the real plugins watch for that too.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, 200);
  process.stdout.write(`${port}\n`);
}

function methods(plugin: Plugin) {
  return {
    attach: answer(async () => new empties.Empty()),
    cancel: answer(async () => new empties.Empty()),
    getPluginInfo: answer(async () => new plugins.PluginInfo().setVersion(plugin.version)),
    checkConfig: answer(async (request: protocol.CheckRequest) =>
      new protocol.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: answer(async (request: protocol.DiffRequest) => {
      const changed = differing(props(request.getOldInputs()), props(request.getNews()));
      return diffResponse({ changes: changed, replaces: changed.filter((key) => key === "region") });
    }),
    configure: answer(async (request: protocol.ConfigureRequest) => {
      await plugin.configure(props(request.getArgs()));
      return new protocol.ConfigureResponse();
    }),
    check: answer(async (request: protocol.CheckRequest) => {
      const { type, name } = addressOf(request.getUrn());
      const before = request.hasOlds() ? props(request.getOlds()) : undefined;
      const inputs = await plugin.check(type, name, props(request.getNews()), before);
      return new protocol.CheckResponse().setInputs(struct(inputs));
    }),
    diff: answer(async (request: protocol.DiffRequest) =>
      diffResponse(
        plugin.diff(addressOf(request.getUrn()).type, props(request.getOldInputs()), props(request.getNews())),
      ),
    ),
    create: answer(async (request: protocol.CreateRequest) => {
      const { id, outputs } = await plugin.create(addressOf(request.getUrn()).type, props(request.getProperties()));
      return new protocol.CreateResponse().setId(id).setProperties(struct(outputs));
    }),
    read: answer(async (request: protocol.ReadRequest) => {
      const { type } = addressOf(request.getUrn());
      const live = await plugin.read(type, request.getId(), props(request.getInputs()), props(request.getProperties()));
      const response = new protocol.ReadResponse();
      // An empty id says that it is gone.
      if (!live) return response;
      return response.setId(live.id).setInputs(struct(live.inputs)).setProperties(struct(live.outputs));
    }),
    update: answer(async (request: protocol.UpdateRequest) => {
      const { type } = addressOf(request.getUrn());
      const [before, after] = [props(request.getOldInputs()), props(request.getNews())];
      const { outputs } = await plugin.update(type, request.getId(), before, after);
      return new protocol.UpdateResponse().setProperties(struct(outputs));
    }),
    delete: answer(async (request: protocol.DeleteRequest) => {
      const { type } = addressOf(request.getUrn());
      await plugin.delete(type, request.getId(), props(request.getOldInputs()), props(request.getProperties()));
      return new empties.Empty();
    }),
    invoke: answer(async (request: protocol.InvokeRequest) => {
      const result = await plugin.invoke(request.getTok(), props(request.getArgs()));
      return new protocol.InvokeResponse().setReturn(struct(result));
    }),
  };
}

function answer<Request, Response>(run: (request: Request) => Promise<Response>): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    run(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => {
        const refused = { code: status.UNKNOWN, details: messageOf(error), message: messageOf(error) };
        callback(refused as ServiceError);
      },
    );
  };
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
function addressOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

function diffResponse({ changes, replaces }: { changes: string[]; replaces: string[] }): protocol.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = protocol.DiffResponse.DiffChanges;
  return new protocol.DiffResponse()
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changes)
    .setReplacesList(replaces);
}

function props(given: structs.Struct | undefined): Props {
  return (given?.toJavaScript() ?? {}) as Props;
}

function struct(given: Props): structs.Struct {
  // Undefined can't be said in a message.
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(given)));
}
