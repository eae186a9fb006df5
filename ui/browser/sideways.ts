import type { Page } from "./page";

/** How far the page or a part that scrolls can be moved sideways, and what sticks out. */
export function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = [...document.querySelectorAll<HTMLElement>("html, body, main, dialog, .scroller, .page")];
    return wide
      .filter(
        (each) =>
          each.scrollWidth > each.clientWidth && getComputedStyle(each).overflowX !== "hidden" && each.clientWidth > 0,
      )
      .map((each) => `${each.tagName}.${each.className}: ${each.scrollWidth} in ${each.clientWidth}`);
  });
}
