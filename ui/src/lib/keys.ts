// Keys that mean the same in more than one place, and when they mean nothing.

/** Whether a panel or a dialog lies over the page: keys are its own then. */
export function hasPanel(): boolean {
  return document.querySelector("dialog[open], :popover-open") !== null;
}

/** Whether something is being written: letters belong to the text then, and so does Ctrl+Z. */
export function isTyping({ target }: Event): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=radio], [type=checkbox])");
}

/** Whether the key asks for the next hit of a search, or with Shift for the one before. */
export function asksNext({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !altKey && (key === "F3" || ((ctrlKey || metaKey) && key.toLowerCase() === "g"));
}

/** Whether it asks for all rows, and not for all of a field's text. */
export function asksAll({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "a";
}
