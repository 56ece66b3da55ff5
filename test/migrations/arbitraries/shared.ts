import fc from "fast-check";

/** Parts of objects that many kinds have. */

/** Some of these fields, always the required ones. */
export const some = <T>(values: Record<string, fc.Arbitrary<T>>, required: string[] = []) =>
  fc.record(values, { requiredKeys: required, noNullPrototype: true });

export const labels = fc.dictionary(fc.constantFrom("app", "tier", "example.com/x"), fc.constantFrom("a", "b-1", ""), {
  noNullPrototype: true,
});

const requirement = fc.oneof(
  fc.record({ key: fc.constantFrom("app", "tier"), operator: fc.constantFrom("Exists", "DoesNotExist") }),
  fc.record({
    key: fc.constantFrom("app", "tier"),
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }),
  }),
);

export const selector = fc.oneof(
  fc.constant({}),
  some<unknown>({ matchLabels: labels, matchExpressions: fc.array(requirement, { maxLength: 2 }) }),
);

export const countOrPercent = fc.oneof(
  fc.nat(50),
  fc.nat(100).map((n) => `${n}%`),
);

export const quantity = fc.constantFrom("1", "100m", "1500m", "2Gi", "1e3", "0.5", "10k", "1000");
