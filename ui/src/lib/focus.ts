// Where the focus goes when what had it is gone.
import { tick } from "svelte";
import type { Model } from "../model.svelte";

/** A button may be gone after its click; the focus then stays with the row. */
export async function keepFocus(
  event: MouseEvent & { currentTarget: HTMLElement },
  action: () => Promise<void>,
  model: Model,
): Promise<void> {
  const summary = event.currentTarget.closest("li")?.querySelector<HTMLElement>("[data-summary]");
  await action();
  await tick();
  if (document.activeElement === document.body && !model.settings.isOpen) summary?.focus();
}
