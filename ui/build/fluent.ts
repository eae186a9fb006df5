// Reads catalogues: text, arguments, NUMBER() and choices, which is all of Fluent that the window speaks.
import {
  type Expression,
  FluentParser,
  type InlineExpression,
  type Message as Entry,
  type Pattern as Written,
} from "@fluent/syntax";

/** What an argument is: one of some words where a choice names them. */
export type ArgumentType = "text" | "number" | "truth" | string[];
export type Part = string | { argument: string } | { choice: string; variants: Variant[] };
export interface Variant {
  key: string;
  /** Taken where no other fits. */
  isDefault: boolean;
  parts: Part[];
}
export interface Message {
  id: string;
  parts: Part[];
  /** In the order in which they are given. */
  arguments: Map<string, ArgumentType>;
}
export type ParsedMessages = Map<string, Message>;

const PLURALS = ["zero", "one", "two", "few", "many", "other"];

/** The messages of a file, by their ids. Throws what is wrong with it, line by line. */
export function read(source: string): ParsedMessages {
  const messages: ParsedMessages = new Map();
  const problems: string[] = [];
  for (const entry of new FluentParser().parse(source).body) {
    const line = source.slice(0, entry.span?.start ?? 0).split("\n").length;
    const wrong = (what: string) => problems.push(`line ${line}: ${what}`);
    if (entry.type === "Junk") wrong(entry.annotations.map(({ message }) => message).join("; "));
    if (entry.type === "Term") wrong("terms are not read");
    if (entry.type !== "Message") continue;
    const id = entry.id.name;
    if (messages.has(id)) wrong(`${id} is there already`);
    try {
      messages.set(id, message(entry));
    } catch (error) {
      wrong(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return messages;
}

function message(entry: Entry): Message {
  if (entry.attributes.length > 0) throw new Error("attributes are not read");
  if (!entry.value) throw new Error("says nothing");
  const found = new Map<string, ArgumentType>();
  const parts = partsOf(entry.value, found);
  // The comment may name the arguments in another order, if it names them all.
  const named = [...(entry.comment?.content ?? "").matchAll(/\$([\w-]+)/g)].map(([, name = ""]) => name);
  const order = [...found.keys()].every((name) => named.includes(name))
    ? [...new Set(named)].filter((name) => found.has(name))
    : [...found.keys()];
  return { id: entry.id.name, parts, arguments: new Map(order.map((name) => [name, found.get(name) ?? "text"])) };
}

function partsOf(pattern: Written, found: Map<string, ArgumentType>): Part[] {
  const parts = pattern.elements.flatMap((element) =>
    // A line that is broken in the file is one on the page.
    element.type === "TextElement" ? [element.value.replace(/\s*\n\s*/g, " ")] : placeable(element.expression, found),
  );
  return parts.filter((part) => part !== "");
}

function placeable(
  expression: Expression | { type: "Placeable"; expression: Expression },
  found: Map<string, ArgumentType>,
): Part[] {
  switch (expression.type) {
    case "Placeable":
      return placeable(expression.expression as Expression, found);
    case "StringLiteral":
      return [expression.parse().value];
    case "VariableReference":
      return [{ argument: note(expression.id.name, "text", found) }];
    case "FunctionReference":
      return [{ argument: note(numberOf(expression), "number", found) }];
    case "SelectExpression":
      return [choice(expression, found)];
    default:
      throw new Error(`${expression.type} is not read`);
  }
}

function choice(expression: Expression & { type: "SelectExpression" }, found: Map<string, ArgumentType>): Part {
  const { selector } = expression;
  const keys = expression.variants.map(({ key }) => (key.type === "Identifier" ? key.name : key.value));
  const isPlural = keys.every((key) => PLURALS.includes(key) || /^\d+$/.test(key));
  const isTruth = keys.every((key) => key === "true" || key === "false");
  const name = selector.type === "VariableReference" ? selector.id.name : numberOf(selector);
  note(name, isPlural ? "number" : isTruth ? "truth" : keys, found);
  const variants = expression.variants.map(({ value, default: isDefault }, index) => ({
    key: keys[index] ?? "",
    isDefault,
    parts: partsOf(value, found),
  }));
  return { choice: name, variants };
}

/** The variable in `NUMBER($variable)`. */
function numberOf(expression: InlineExpression): string {
  if (expression.type !== "FunctionReference") throw new Error(`${expression.type} is not read`);
  const [argument, ...more] = expression.arguments.positional;
  const isPlain = argument?.type === "VariableReference" && more.length + expression.arguments.named.length === 0;
  if (expression.id.name !== "NUMBER" || !isPlain) throw new Error("only NUMBER($variable) is read");
  return argument.id.name;
}

/** A number may also be printed as it is; else an argument is of one kind. */
function note(name: string, kind: ArgumentType, found: Map<string, ArgumentType>): string {
  const known = found.get(name);
  if (known === undefined || known === "text") found.set(name, kind);
  else if (kind !== "text" && String(known) !== String(kind))
    throw new Error(`$${name} is both ${String(known)} and ${String(kind)}`);
  return name;
}
