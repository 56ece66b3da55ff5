import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slackBody } from "../../../src/notify/sinks/slack.js";
import { factsWith, noticeWith } from "../notices.js";

interface Body {
  text: string;
  blocks: { type: string; text?: { type: string; text: string } }[];
}
const bodyOf = (title: string, text: string) =>
  slackBody(noticeWith({ title, text, facts: factsWith({ run: "r" }) })) as Body;

describe("slackBody", () => {
  it("is what an incoming webhook takes", () => {
    expect(bodyOf("Begun: a & b", "See <here>.\nBye.")).toEqual({
      text: "*Begun: a &amp; b*\nSee &lt;here&gt;.\nBye.",
      blocks: [
        { type: "section", text: { type: "mrkdwn", text: "*Begun: a &amp; b*\nSee &lt;here&gt;.\nBye." } },
        { type: "context", elements: [{ type: "mrkdwn", text: "run r · 2026-11-28T21:00:00.000Z" }] },
      ],
    });
  });

  it("keeps within Slack's bounds, and lets nothing call anybody, whatever the words", () => {
    const words = fc.array(fc.oneof(fc.string({ maxLength: 50 }), fc.constant("<!channel>&".repeat(500))), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.string(), words, (title, lines) => {
        const { blocks, text } = bodyOf(title, lines.join("\n"));
        const sections = blocks.flatMap((block) => (block.type === "section" && block.text ? [block.text.text] : []));
        expect(sections.length).toBeLessThanOrEqual(10);
        for (const section of sections) expect(section.length).toBeLessThanOrEqual(3000);
        expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      }),
    );
  });
});
