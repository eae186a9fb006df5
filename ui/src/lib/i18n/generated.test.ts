// That messages.ts is what words/en.ftl makes of it; `npm run messages` writes it anew.
import { expect, it } from "vitest";
import english from "../../../words/en.ftl?raw";
import { typeOf } from "../../../build/catalogue";
import { read } from "../../../build/fluent";

it("the type of the words is made from the English catalogue", async () => {
  await expect(typeOf(read(english))).toMatchFileSnapshot("messages.ts");
});
