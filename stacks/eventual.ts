import type * as pulumi from "@pulumi/pulumi";

/** A stack's outputs before they are known: any part of `T` may still be Pulumi's to find out. */
export type Eventual<T> = T extends object ? { [K in keyof T]: pulumi.Input<Eventual<T[K]>> } : T;
