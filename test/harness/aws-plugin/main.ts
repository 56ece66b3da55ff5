import { serve } from "../plugin/serve.js";
import { awsPlugin } from "./plugin.js";

/** `pulumi-resource-aws`, as Pulumi's engine starts it. What it talks to is said by the environment. */
const { AWS_ENDPOINT_URL: endpoint = "", CLUSTERSHIFT_TEST_MODELS: models = "" } = process.env;
await serve(awsPlugin({ endpoint, models }));
