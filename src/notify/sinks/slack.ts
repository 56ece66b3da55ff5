import type { Notice } from "../notice.js";

/** Characters of one block's text that Slack takes, and of all together that are sent. */
const mostInBlock = 3000;
const mostBlocks = 10;

/**
 * A notice as Slack's incoming webhooks take it. `text` is whole, for those who show no blocks, as Mattermost and Rocket.Chat.
 * https://api.slack.com/messaging/webhooks, https://api.slack.com/reference/surfaces/formatting#escaping
 */
export function slackBody({ title, text, facts, at }: Notice): unknown {
  const words = [`*${escapeSlack(title)}*`, ...text.split("\n").map(escapeSlack)];
  const blocks = blocksOf(words).slice(0, mostBlocks);
  return {
    text: blocks.join("\n"),
    blocks: [
      ...blocks.map((block) => ({ type: "section", text: { type: "mrkdwn", text: block } })),
      { type: "context", elements: [{ type: "mrkdwn", text: `run ${escapeSlack(facts.run)} · ${at}` }] },
    ],
  };
}

/** Nothing in a notice is a mention or a link of Slack's: a server's words must not call everybody. */
export function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Lines, as many in a block as fit. One that is too long by itself is cut. */
function blocksOf(words: readonly string[]): string[] {
  const blocks: string[] = [];
  for (const word of words) {
    const line = word.length > mostInBlock ? `${cut(word)}…` : word;
    const last = blocks.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= mostInBlock) blocks.splice(-1, 1, `${last}\n${line}`);
    else blocks.push(line);
  }
  return blocks;
}

/** Not in the middle of an escape, nor of a character. */
function cut(line: string): string {
  return line.slice(0, mostInBlock - 1).replace(/(&[a-z]{0,3}|[\ud800-\udbff])$/, "");
}
