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
  "form.required": "Please fill this in.",
  "form.email": "Please write an email address, such as name@example.com.",
  "form.tel": "Please write a phone number, such as +1 555 010 0123.",
  "form.long": "Please write at most {most} characters.",
  "form.choose": "Please choose…",
  "form.optional": "optional",
  "form.refused": "The chat could not be started: {reason}",
  "form.writingAs": "You write as {name}",
  "form.change": "Change",

  "status.waiting": "Waiting for an agent",
  "status.connected": "You are connected",
  "status.ended": "The conversation has ended",

  "wait.title": "You are waiting for an agent",
  "wait.next": "You are first in line.",
  "wait.ahead": "{count} people are before you.",
  "wait.ahead.one": "One person is before you.",
  "wait.many": "More than {count} people are before you.",
  "wait.body":
    "Somebody answers as soon as they are free. You can close this window: we keep your place.",

  "log.label": "Messages",
  "log.new": "New messages",
  "log.joined": "{name} joined the conversation",
  "log.left": "{name} left the conversation",
  "log.endedByYou": "You ended the conversation",
  "log.ended": "The conversation has ended",
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

  "end.short": "End",
  "end.action": "End conversation",
  "end.title": "End this conversation?",
  "end.body": "You will not be able to write any more in it.",
  "end.confirm": "Yes, end it",
  "end.ending": "Ending…",
  "end.cancel": "Keep talking",
  "end.failed": "That did not work. Please try again.",

  "ended.title": "This conversation has ended.",
  "ended.again": "Start a new conversation",
} as const;
