import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillTemplate, noticeKinds, placeholders, unknownPlaceholder } from "../../src/model/notice.js";
import { noticeMarkdown, noticeText, wordsOf } from "../../src/notify/notice.js";
import { defaultTemplates } from "../../src/notify/templates.js";
import { factsWith } from "./notices.js";

describe("templates", () => {
  it.each<[string, string | undefined, string]>([
    ["{run} at {now}", undefined, "<run> at <now>"],
    ["{{run}} {run}", undefined, "{run} <run>"],
    ["a { b", undefined, "a { b"],
    ["{}", "", "{}"],
    ["{enviroment}", "enviroment", "{enviroment}"],
    ["{toString}", "toString", "{toString}"],
    ["{ run }", " run ", "{ run }"],
  ])("%s", (template, unknown, filled) => {
    expect(unknownPlaceholder(template)).toBe(unknown);
    expect(fillTemplate(template, factsWith())).toBe(filled);
  });

  it("never put a fact into a fact", () => {
    fc.assert(
      fc.property(fc.string(), (words) => {
        expect(fillTemplate("[{detail}]", factsWith({ detail: words }))).toBe(`[${words}]`);
      }),
    );
  });

  it.each(noticeKinds)("ours for %s has known placeholders only", (kind) => {
    const { title, text } = defaultTemplates[kind];
    expect(unknownPlaceholder(title + text)).toBeUndefined();
    expect(title).not.toContain("{now}");
  });

  it.each(["announce", "reminder"] as const)("ours for %s says all that a maintenance notice must", (kind) => {
    const words = Object.values(wordsOf(kind, factsWith(), {})).join("\n");
    for (const name of ["environment", "window", "affected", "effect", "wayBack", "contact"])
      expect(words).toContain(`<${name}>`);
  });

  it("of the team's own overrule ours, each part by itself", () => {
    const own = { done: { title: "{environment} moved", text: undefined } };
    expect(wordsOf("done", factsWith(), own).title).toBe("<environment> moved");
    expect(wordsOf("done", factsWith(), own).text).toBe(wordsOf("done", factsWith(), {}).text);
  });

  it("let no server's words move a terminal's cursor, nor break the title", () => {
    const words = wordsOf("aborted", factsWith({ detail: "\u001b[2Jgone", environment: "a\nb" }), {});
    expect(words.text).toContain("\ufffd[2Jgone");
    expect(words.title).toContain("a b");
  });

  it("are all of them described", () => {
    for (const what of Object.values(placeholders)) expect(what).toMatch(/\.$/);
  });
});

describe("a notice", () => {
  const words = { title: "T <b>", text: "What: it moves.\nWhen: <script>.\n\nBye: all\nplain" };

  it("as text", () => {
    expect(noticeText(words)).toBe("T <b>\n\nWhat: it moves.\nWhen: <script>.\n\nBye: all\nplain");
  });

  it("as Markdown, in which no tag starts", () => {
    expect(noticeMarkdown(words)).toBe(
      "# T &lt;b>\n\n- **What:** it moves.\n- **When:** &lt;script>.\n\n\n\n- **Bye:** all\n\nplain",
    );
  });
});

describe("docs/notices.md", () => {
  const page = readFileSync("docs/notices.md", "utf8");

  it.each(Object.entries(placeholders))("has {%s}", (name, what) => {
    const row = page.split("\n").find((line) => line.startsWith(`| \`{${name}}\` `));
    expect(row).toContain(what.replace(/\.$/, ""));
  });

  it.each(noticeKinds)("has %s", (kind) => {
    expect(page).toContain(`| \`${kind}\` `);
  });
});
