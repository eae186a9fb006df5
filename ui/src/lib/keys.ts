// Keys that mean the same in more than one place.

/** Whether the key asks for the next hit of a search, or with Shift for the one before. */
export function asksNext({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !altKey && (key === "F3" || ((ctrlKey || metaKey) && key.toLowerCase() === "g"));
}

/** Whether it asks for all rows, and not for all of a field's text. */
export function asksAll({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "a";
}
