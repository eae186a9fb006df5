// Where the focus goes when what had it is gone.
import { tick } from "svelte";

/** Gives the focus back to what has it now; to be called when what takes it is gone. */
export function giveBack(): () => void {
  const opener = typeof document === "undefined" ? null : document.activeElement;
  return () => {
    // What is under a page can have the focus only when the page is gone.
    void tick().then(() => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    });
  };
}

/** A button may be gone after its click; the focus then stays with the row, unless `page` has opened over it. */
export async function keepFocus(
  event: MouseEvent & { currentTarget: HTMLElement },
  action: () => Promise<void>,
  page: { readonly isOpen: boolean },
): Promise<void> {
  const summary = event.currentTarget.closest("li")?.querySelector<HTMLElement>("[data-summary]");
  await action();
  await tick();
  if (document.activeElement === document.body && !page.isOpen) summary?.focus();
}
