/** The widget's texts in English: the keys of every language. */
export const en = {
  title: "Chat",
  loading: "Loading…",
  close: "Close chat",

  "error.title": "The chat did not load",
  "error.body": "Please check your connection and try again.",
  "error.gone.title": "This chat is not available",
  "error.gone.body": "Please contact us another way.",
  "error.retry": "Try again",

  "form.intro": "Tell us how we can help, and we will connect you with someone.",
  "form.submit": "Start chat",
  "form.starting": "Starting…",
  "form.retrying": "We cannot reach the server at the moment. Still trying…",
  "form.unreachable":
    "The chat cannot be reached right now. What you wrote is kept. We go on trying, and you can try now.",
  "form.held":
    "Many chats were started just now. Yours starts by itself in about {minutes} minutes. What you wrote is kept.",
  "form.held.one":
    "Many chats were started just now. Yours starts by itself within a minute. What you wrote is kept.",
  "form.required": "Please fill this in.",
  "form.email": "Please write an email address, such as name@example.com.",
  "form.tel": "Please write a phone number, such as +1 555 010 0123.",
  "form.long": "Please write at most {most} characters.",
  "form.choose": "Please choose…",
  "form.optional": "optional",
  "form.refused": "The chat could not be started: {reason}",
  "form.writingAs": "You write as {name}",
  "form.change": "Change",

  "captcha.label": "Confirm that you are a person",
  "captcha.loading": "Loading the check…",
  "captcha.required": "Please confirm that you are a person.",
  "captcha.again": "Please confirm once more that you are a person. What you wrote is kept.",
  "captcha.failed": "The check did not load. Please allow it in your browser, or try again.",
  "captcha.retry": "Load it again",

  "status.waiting": "Waiting for an agent",
  "status.connected": "You are connected",
  "status.ended": "The conversation has ended",

  "wait.next": "You are first in line.",
  "wait.ahead": "{count} people are before you.",
  "wait.ahead.one": "One person is before you.",
  "wait.many": "More than {count} people are before you.",
  "wait.nobody": "Nobody is here at the moment.",
  "wait.kept": "Your message is kept. The next agent who comes answers it.",
  "wait.soon": "You will probably be answered in less than a minute.",
  "wait.minutes": "You will probably be answered in about {count} minutes.",
  "wait.minutes.one": "You will probably be answered in about a minute.",
  "wait.long": "It will probably take more than half an hour.",
  "wait.agents": "{count} agents are here, and answer as soon as they are free.",
  "wait.agents.one": "One agent is here, and answers as soon as they are free.",
  "wait.unknown": "The next agent who is free answers.",
  "wait.stay": "Please keep this window open. If you close it, the conversation may end.",
  "wait.away":
    "You can close this window for a short while. If you are away for more than {count} minutes, the conversation may end.",
  "wait.away.one":
    "You can close this window for a moment. If you are away for more than a minute, the conversation may end.",

  "log.label": "Messages",
  "log.new": "New messages",
  "log.joined": "{name} joined the conversation",
  "log.left": "{name} left the conversation",
  "log.endedByYou": "You ended the conversation",
  "log.ended": "The conversation has ended",
  "log.abandoned": "The conversation ended because you were away",
  "log.you": "You",
  "log.says": "{name} wrote:",

  "message.sending": "Sending…",
  "message.sent": "Sent",
  "message.failed": "Not sent: {reason}",
  "message.givenUp": "it could not be delivered, however often it was tried",
  "message.retry": "Try again",
  "message.discard": "Delete",

  "composer.label": "Message",
  "composer.placeholder": "Write a message…",
  "composer.send": "Send message",
  "composer.left": "{count} characters left",
  "composer.over": "{count} characters too many",

  "offline.body": "No connection. Your messages are sent as soon as it is back.",
  "unreachable.body":
    "The chat cannot be reached right now. What you write is kept, and we go on trying.",

  "end.short": "End",
  "end.action": "End conversation",
  "end.title": "End this conversation?",
  "end.body": "You will not be able to write any more in it.",
  "end.confirm": "Yes, end it",
  "end.ending": "Ending…",
  "end.cancel": "Keep talking",
  "end.failed": "That did not work. Please try again.",

  "ended.title": "This conversation has ended.",
  "ended.abandoned":
    "This conversation ended because you were away for a while. Start a new one, and we will be with you.",
  "ended.again": "Start a new conversation",
} as const;
