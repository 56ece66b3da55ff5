import { z } from "zod";
import { region, text, webUrl } from "./values.js";

export const pulumi = z
  .strictObject({
    backend: text.optional().meta({ description: "State backend URL. Default: file state beside the runs folder." }),
    passphraseFile: text.optional().meta({ description: "File with the passphrase of the stack's secrets." }),
  })
  .prefault({});

export const aws = z
  .strictObject({
    region: region.meta({ description: "Region of the load balancers and addresses.", examples: ["eu-central-1"] }),
    endpoint: webUrl.optional().meta({ description: "For emulators; every AWS client talks to it." }),
    profile: text.optional().meta({ description: "Profile of the AWS configuration. Default: as the SDK finds it." }),
  })
  .meta({ description: "Where traffic targets live." });
