import { serve } from "../plugin/serve.js";
import { kubernetesPlugin } from "./plugin.js";

/** `pulumi-resource-kubernetes`, as Pulumi's engine starts it. */
await serve(kubernetesPlugin(process.env, process.env.CLUSTERSHIFT_TEST_PLUGINS ?? ""));
