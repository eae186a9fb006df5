// Where a panel of the top layer stands: under the button that opens it, and within the window.

/** Room to the window's edges, in pixels. */
const EDGE = 12;

/** Puts the panel there whenever it opens; by the style object, which the content policy allows. */
export function placeUnder(panel: HTMLElement): () => void {
  // Before it is shown its size is not known; then it is put right.
  const events = ["beforetoggle", "toggle"];
  const opened = (event: Event) => event instanceof ToggleEvent && event.newState === "open" && place();
  const resized = () => panel.matches(":popover-open") && place();
  function place(): void {
    const box = document.querySelector(`[popovertarget="${panel.id}"]`)?.getBoundingClientRect();
    if (!box) return;
    const { offsetWidth: width, offsetHeight: height } = panel;
    // It hangs toward the middle of the window, whichever way the script runs.
    const start = box.left + box.right > innerWidth ? box.right - width : box.left;
    const top = Math.max(EDGE, Math.min(box.bottom + 6, innerHeight - height - EDGE));
    panel.style.left = `${Math.max(EDGE, Math.min(start, innerWidth - width - EDGE))}px`;
    panel.style.top = `${top}px`;
    panel.style.maxHeight = `${innerHeight - top - EDGE}px`;
  }
  for (const each of events) panel.addEventListener(each, opened);
  addEventListener("resize", resized);
  return () => {
    for (const each of events) panel.removeEventListener(each, opened);
    removeEventListener("resize", resized);
  };
}
