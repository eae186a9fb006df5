// Light, dark and contrast, drawn on the page as a whole.
import type { Appearance } from "../bindings/Appearance";

/**
 * Draws the page in this look, until what is given back is called. The style sheet knows one name for more contrast, so
 * that the person's choice and the system's, which may change at any time, are the same to it.
 */
export function draw({ theme, contrast }: Appearance): () => void {
  const system = matchMedia("(prefers-contrast: more)");
  const { dataset } = document.documentElement;
  const apply = () => {
    dataset["theme"] = theme;
    dataset["contrast"] = contrast || system.matches ? "more" : "usual";
  };
  apply();
  system.addEventListener("change", apply);
  return () => system.removeEventListener("change", apply);
}
