import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** What the engine does, or in a preview would do, to one resource. */
export interface ResourceProgress {
  /** Pulumi's type: `aws:eks/cluster:Cluster`. */
  type: string;
  name: string;
  /** Pulumi's words: create, update, delete, replace, same, read, … */
  op: string;
  /** False when it starts. In a preview everything ends at once. */
  done: boolean;
  failed: boolean;
}

/**
 * Hands on each event once, in the engine's order. The Automation API reads the engine's log while it is written, and
 * where the end comes in the middle of a look, it reads a part of it again.
 */
export function eachOnce(onEvent: (event: EngineEvent) => void): (event: EngineEvent) => void {
  let last = -1;
  return (event) => {
    if (event.sequence <= last) return;
    last = event.sequence;
    onEvent(event);
  };
}

/** The resource that an engine event tells of; undefined for events of another kind. */
export function resourceProgress(event: EngineEvent): ResourceProgress | undefined {
  const told = event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent;
  if (told === undefined) return undefined;
  const { op, type, urn } = told.metadata;
  return {
    type,
    name: urn.slice(urn.lastIndexOf("::") + 2),
    op,
    done: event.resourcePreEvent === undefined,
    failed: event.resOpFailedEvent !== undefined,
  };
}

/** An error that an event tells of, with the resource that has it. */
export function errorOf(event: EngineEvent): string | undefined {
  const diagnostic = event.diagnosticEvent;
  if (diagnostic?.severity !== "error") return undefined;
  const words = diagnostic.message.replaceAll(/<\{%.*?%\}>/g, "").trim();
  if (words === "") return undefined;
  const resource = diagnostic.urn?.split("::").at(-1);
  return resource === undefined ? words : `${resource}: ${words}`;
}
