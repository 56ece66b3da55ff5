import type { NoticeKind, NoticeTemplate } from "../model/notice.js";

const particulars = [
  "What: {environment} moves to a new Kubernetes cluster, {green} (now {blue}).",
  "When: {window}.",
  "Who is affected: {affected}.",
  "What to expect: {effect}.",
  "How: traffic moves step by step ({shares}), with checks after each; at most {duration}.",
  "If it fails: all traffic goes back to the old cluster by itself, which takes at most {wayBack}.",
  "Questions: {contact}.",
].join("\n");

/** Every notice, in the words of people who announce maintenance. The configuration may say them otherwise. */
export const defaultTemplates: Record<NoticeKind, NoticeTemplate> = {
  announce: { title: "Planned maintenance: {environment}", text: particulars },
  reminder: { title: "Reminder, planned maintenance: {environment}", text: particulars },
  start: {
    title: "Maintenance has begun: {environment}",
    text: [
      "Since {now} traffic moves to the new cluster ({shares}), with checks after each step; at most {duration}.",
      "Who is affected: {affected}.",
      "What to expect: {effect}.",
      "Questions: {contact}.",
    ].join("\n"),
  },
  step: {
    title: "{environment}: step {step} is done",
    text: "{stage}: held and checked at {now}.",
  },
  done: {
    title: "Maintenance is done: {environment} is served by the new cluster",
    text: [
      "Since {now} the new cluster ({green}) serves everything.",
      "The old one stays ready for {soak}; going back would take at most {wayBack}.",
      "If you see anything that isn't as it was: {contact}.",
    ].join("\n"),
  },
  aborted: {
    title: "{environment}: the move is stopped, and traffic goes back",
    text: [
      "At {now}: {detail}.",
      "All traffic goes back to the old cluster, which takes at most {wayBack}. Nothing needs to be done.",
      "Questions: {contact}.",
    ].join("\n"),
  },
  stopped: {
    title: "{environment}: a step failed, and somebody is needed",
    text: [
      "At {now}, {stage}: {detail}.",
      "Nothing more happens until somebody goes on or back; traffic stays where it is.",
      "Questions: {contact}.",
    ].join("\n"),
  },
  "rolled-back": {
    title: "{environment} is served by the old cluster again",
    text: [
      "Since {now} everything is as it was before the maintenance. Nothing needs to be done.",
      "Another date will be announced. Questions: {contact}.",
    ].join("\n"),
  },
  "soak-over": {
    title: "{environment}: the old cluster is being removed",
    text: "The new cluster has served everything for at least {soak}. From {now} on nothing leads back to {blue}.",
  },
  finished: {
    title: "{environment}: the migration is complete",
    text: "The old cluster, {blue}, is gone since {now}. Questions: {contact}.",
  },
};
