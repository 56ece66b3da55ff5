import { type Facts, fillTemplate, type NoticeKind, type NoticeTemplate } from "../model/notice.js";
import { markdownLine, oneLine } from "../model/plain-text.js";
import { defaultTemplates } from "./templates.js";

/** One notice, ready to be sent. */
export interface Notice {
  /** The same for the same event of the same run, however often it is sent: receivers tell repetitions by it. */
  id: string;
  kind: NoticeKind;
  /** When it happened; ISO 8601, UTC. */
  at: string;
  run: string;
  /** The journal's entry that it tells; 0 where it tells none. */
  seq: number;
  title: string;
  text: string;
  facts: Facts;
}

/** A notice's words, by the team's templates where it has any. */
export function wordsOf(
  kind: NoticeKind,
  facts: Facts,
  own: Partial<Record<NoticeKind, { title?: string | undefined; text?: string | undefined }>>,
): NoticeTemplate {
  const standard = defaultTemplates[kind];
  return {
    title: oneLine(fillTemplate(own[kind]?.title ?? standard.title, facts)),
    text: lines(fillTemplate(own[kind]?.text ?? standard.text, facts), oneLine).join("\n"),
  };
}

/** For mails and terminals. */
export function noticeText({ title, text }: NoticeTemplate): string {
  return `${title}\n\n${text}`;
}

/** For pages and merge requests: `What: …` becomes a list with what it is about in bold. */
export function noticeMarkdown({ title, text }: NoticeTemplate): string {
  const items = lines(text, markdownLine).map((line) => line.replace(/^([A-Z][\w ]{1,30}): /, "- **$1:** "));
  const blocks = items.map((line, index) => {
    const list = line.startsWith("- ") && (items[index - 1]?.startsWith("- ") ?? false);
    return index === 0 || list ? line : `\n${line}`;
  });
  return `# ${markdownLine(title)}\n\n${blocks.join("\n")}`;
}

function lines(text: string, each: (line: string) => string): string[] {
  return text.trim().split(/\r?\n/).map(each);
}
