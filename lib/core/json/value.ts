/** Any JSON value. Values of this type come from `parseStrict`; nothing else promises the I-JSON limits. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. Keys are attacker text: read them through `ownValue`, never through a prototype. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** Tells objects from arrays and scalars. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells arrays from the rest, keeping the element type. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Reads an own property; an inherited one such as `constructor` is absent, whatever the object looks like. */
export function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
