import { objectAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { Change, ChangeContext } from "../change.js";
import { adaptation } from "./adaptation.js";
import { type GreenVersion, isAtLeast } from "./green.js";

const annotation = "kubernetes.io/ingress.class";

/**
 * The class of an Ingress as a field, where the class is an object that arrives. The annotation stays: it goes before the field
 * by definition, filters of controllers and of external-dns may read it, and the next apply of its manifest would bring
 * it back. Before 1.28 a server refuses a new Ingress that says both (kubernetes#115447), so there the field replaces it.
 */
export function ingressClass(green: GreenVersion): Change {
  return adaptation({
    id: "ingress-class",
    reason:
      "The annotation kubernetes.io/ingress.class becomes spec.ingressClassName where that IngressClass is among blue's; where it isn't, it stays.",
    kinds: ["Ingress.networking.k8s.io"],
    adapt(copy, context) {
      const { annotations } = copy.metadata;
      const named = annotations?.[annotation];
      if (!annotations || named === undefined) return undefined;
      const spec = objectAt(copy, "spec");
      const field = textAt(spec, "ingressClassName");
      if (field === undefined) {
        const obstacle = obstacleTo(named, context);
        if (obstacle) return [obstacle];
        spec.ingressClassName = named;
      } else if (field !== named) {
        // Updates may have left the two with different values, which no server takes in a new object.
        delete spec.ingressClassName;
        return [differs(named, field)];
      }
      if (!isAtLeast(green, "1.28")) delete annotations[annotation];
      return undefined;
    },
  });
}

function obstacleTo(named: string, context: ChangeContext): Remark | undefined {
  const classes = [...context.listed("IngressClass.networking.k8s.io")];
  const found = classes.find(({ metadata }) => metadata.name === named);
  if (!found) {
    return {
      id: "ingress-class-unknown",
      severity: "warning",
      why: `Its class "${named}" is an annotation only: there is no IngressClass of that name.`,
      whatToDo:
        "Newer controllers may read the field alone: add the IngressClass, or see that green's controller takes the annotation.",
    };
  }
  const controller = textAt(found, "spec", "controller");
  const twin = classes.find((other) => other !== found && textAt(other, "spec", "controller") === controller);
  if (!twin) return undefined;
  return {
    id: "ingress-class-shared",
    severity: "warning",
    why: `The classes "${named}" and "${twin.metadata.name}" name the same controller (${controller}): by the field both might serve it.`,
    whatToDo: "Give each class a controller of its own, then set ingressClassName; until then the annotation decides.",
  };
}

function differs(named: string, field: string): Remark {
  return {
    id: "ingress-class-twice",
    severity: "warning",
    why: `Its annotation says class "${named}", its field "${field}": the annotation goes first, and the field was taken off.`,
    whatToDo: "Decide for one of them, in its manifest too.",
  };
}
