import {
  type ApiResource,
  apiVersionOf,
  type GroupKind,
  groupOf,
  type KubeObject,
  kindKey,
  type ObjectRef,
  refKey,
  refOf,
  versionOf,
} from "../model/objects.js";
import type { ChangeContext } from "./changes/change.js";
import { customKind, isDefinition } from "./custom-kinds.js";
import { ruleFor } from "./rules/index.js";
import type { Rule, RuleContext } from "./rules/rule.js";

/** What blue listed, as far as rules and changes ask. Objects may be added later: follow does. */
export class Inventory implements RuleContext, ChangeContext {
  private readonly byKind = new Map<string, Map<string, KubeObject>>();
  private readonly byUid = new Map<string, ObjectRef>();
  private readonly services = new Map<string, KubeObject>();
  private readonly accounts = new Map<string, KubeObject>();
  private readonly namespaces = new Map<string, KubeObject>();
  private readonly definitions = new Map<string, KubeObject>();
  private readonly servedByGreen: Set<string>;
  private readonly versionsOfGreen: Set<string>;

  constructor(
    private readonly rules: readonly Rule[],
    greenResources: readonly ApiResource[],
  ) {
    this.servedByGreen = new Set(greenResources.map(kindKey));
    this.versionsOfGreen = new Set(
      greenResources.map(({ group, version, kind }) => `${apiVersionOf(group, version)} ${kind}`),
    );
  }

  add(object: KubeObject): void {
    const { uid, namespace = "", name } = object.metadata;
    const ref = refOf(object);
    if (uid) this.byUid.set(uid, ref);
    const kind = this.byKind.get(kindKey(ref)) ?? new Map<string, KubeObject>();
    this.byKind.set(kindKey(ref), kind.set(refKey(ref), object));
    if (object.apiVersion === "v1") {
      if (object.kind === "Service") this.services.set(`${namespace}/${name}`, object);
      if (object.kind === "ServiceAccount") this.accounts.set(`${namespace}/${name}`, object);
      if (object.kind === "Namespace") this.namespaces.set(name, object);
    }
    if (isDefinition(object)) {
      const kind = customKind(object);
      if (kind) this.definitions.set(kindKey(kind), object);
    }
  }

  listed(kind: string): Iterable<KubeObject> {
    return this.byKind.get(kind)?.values() ?? [];
  }

  serves(apiVersion: string, kind: string): boolean {
    if (this.versionsOfGreen.has(`${apiVersion} ${kind}`)) return true;
    const definition = this.definitions.get(kindKey({ group: groupOf(apiVersion), kind }));
    return definition !== undefined && customKind(definition)?.served.includes(versionOf(apiVersion)) === true;
  }

  /** The definitions among what was added. */
  get crds(): KubeObject[] {
    return [...this.definitions.values()];
  }

  controller({ metadata }: KubeObject): ObjectRef | undefined {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
    return owner && this.byUid.get(owner.uid);
  }

  service(namespace: string, name: string): KubeObject | undefined {
    return this.services.get(`${namespace}/${name}`);
  }

  serviceAccount(namespace: string, name: string): KubeObject | undefined {
    return this.accounts.get(`${namespace}/${name}`);
  }

  namespaceLeftBy(name: string): string | undefined {
    return this.leftBy(this.namespaces.get(name));
  }

  definitionLeftBy(kind: GroupKind): string | undefined {
    return this.servedByGreen.has(kindKey(kind)) ? undefined : this.leftBy(this.definitions.get(kindKey(kind)));
  }

  private leftBy(object: KubeObject | undefined): string | undefined {
    const rule = object && ruleFor(object, this.rules, this);
    return rule?.ending === "skipped" ? rule.id : undefined;
  }
}
