// The floors of docs/architecture.md as rules: `npm run lint` keeps them. Paths are from the root of the checkout.
const middle =
  "plan|mirror|provision|validate|bundle|replay|velero|manifests|smoke|analysis|leftover|traffic|workloads|volumes|sweep|run|record|notify|report|sandbox";
const top = "^src/(main|cli|edges)\\.ts$|^src/commands/";
const shared = "^src/commands/shared/";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "Two files that need each other are one idea, or hide a third.",
      severity: "error",
      from: { pathNot: "node_modules/" },
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "An import that can't be found fails only when it is reached.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "shipped-needs-shipped",
      comment: "What is installed with the package has no tests and no scripts.",
      severity: "error",
      from: { path: "^(src|migrations|stacks)/" },
      to: { path: "^(test|bench|scripts)/" },
    },
    {
      name: "no-development-dependencies",
      comment: "They aren't installed with the package: what is imported must be a dependency.",
      severity: "error",
      from: { path: "^(src|migrations|stacks)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], pathNot: "node_modules/@types/" },
    },
    {
      name: "middle-knows-no-top",
      comment: "A room never knows which command uses it.",
      severity: "error",
      from: { path: `^src/(${middle})/` },
      to: { path: top },
    },
    {
      name: "middle-rooms-apart",
      comment: "Rooms of the middle floor meet in a command, through the run: none imports another.",
      severity: "error",
      from: { path: `^src/(${middle})/` },
      to: { path: `^src/(${middle})/`, pathNot: "^src/$1/" },
    },
    {
      name: "traffic-and-replay-apart",
      comment: "What moves traffic must work while what moves objects is broken, and the reverse.",
      severity: "error",
      from: { path: "^src/(traffic|replay)/" },
      to: { path: "^src/(traffic|replay)/", pathNot: "^src/$1/", reachable: true },
    },
    {
      name: "bottom-knows-no-higher",
      comment: "Edges, configuration, migrations and words are used by everything, and use nothing above them.",
      severity: "error",
      from: { path: "^(src/(kube|aws|config|host|model)|migrations)/" },
      to: { path: `${top}|^src/(${middle})/|^stacks/` },
    },
    {
      name: "bottom-rooms-apart",
      comment: "On the bottom floor only the words, src/model, are common property.",
      severity: "error",
      from: { path: "^(src/(?:kube|aws|config|host)|migrations)/" },
      to: { path: "^(src/(kube|aws|config|host)|migrations)/", pathNot: "^$1/" },
    },
    {
      name: "model-imports-nothing",
      comment: "The words need nothing of the project, and no package.",
      severity: "error",
      from: { path: "^src/model/" },
      to: { pathNot: "^src/model/", dependencyTypesNot: ["core"] },
    },
    {
      name: "migrations-are-pure",
      comment: "A migration is a function of one object: no file, clock, network or package.",
      severity: "error",
      from: { path: "^migrations/" },
      to: { pathNot: "^(migrations|src/model)/" },
    },
    {
      name: "pure-rooms-without-edges",
      comment:
        "Plans, findings, policies and drafts of stacks are computed from what is handed in: no file, clock or network.",
      severity: "error",
      from: { path: "^src/(plan|mirror|provision)/" },
      to: { path: "^src/(kube|aws)/|^(node:)?(fs|net|http|https|child_process|os|timers)" },
    },
    {
      name: "commands-apart",
      comment: "What two commands need lies in src/commands/shared/, or in a room; index.ts alone lists them.",
      severity: "error",
      from: { path: "^src/commands/", pathNot: "^src/commands/index\\.ts$" },
      to: { path: "^src/commands/", pathNot: shared },
    },
    {
      name: "main-and-cli-on-top",
      comment: "The command line is parsed in one place, and nothing but the entry needs it.",
      severity: "error",
      from: { pathNot: "^src/(main|cli)\\.ts$" },
      to: { path: "^src/(main|cli)\\.ts$" },
    },
    {
      name: "stacks-for-commands",
      comment: "What Pulumi stands up is reached from commands only.",
      severity: "error",
      from: { path: "^(src|migrations)/", pathNot: "^src/commands/" },
      to: { path: "^stacks/" },
    },
    {
      name: "stacks-know-words-only",
      comment: "Pulumi runs stacks by itself too (`pulumi up`): of the project they need its words, and nothing else.",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^(src|migrations)/", pathNot: "^src/model/" },
    },
    {
      name: "sandbox-for-commands",
      comment: "The product never depends on the world that the sandbox plays.",
      severity: "error",
      from: { pathNot: "^src/(commands|sandbox)/" },
      to: { path: "^src/sandbox/" },
    },
  ],
  options: {
    doNotFollow: { path: "^node_modules/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
