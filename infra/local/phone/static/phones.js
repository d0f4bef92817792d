// The page of the phones: it fetches the whole state and redraws what differs.

import { formatNumber, formatTime, dayLabel, initials, isNewDay } from "./words.js";
import { request } from "./wire.js";
import { openPhoneDialog, setUpDialogs } from "./dialogs.js";

const GROUP_GAP = 60_000;
const NEAR_END = 60;

const shelf = document.querySelector(".shelf");
const template = document.querySelector("#phone-template");
const phones = new Map(); // number → PhoneView

class PhoneView {
  constructor(number) {
    this.number = number;
    this.root = template.content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.root.querySelector(selector);
    this.thread = this.find(".thread");
    this.composer = this.find(".composer");
    this.text = this.find("textarea");
    this.uploads = [];
    this.entries = new Map(); // sid → {element, drawn}
    this.isFirstDraw = true;
    this.isAtEnd = true; // stays at the end when messages or pictures make the thread longer
    this.listen();
  }

  listen() {
    this.find(".edit").addEventListener("click", () => openPhoneDialog(this.phone));
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("input", () => this.showReadiness());
    this.find(".attach input").addEventListener("change", (event) => {
      this.attach([...event.target.files]);
      event.target.value = "";
    });
    this.find(".newer").addEventListener("click", () => this.scrollToEnd());
    this.thread.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.thread;
      this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
      if (this.isAtEnd) this.find(".newer").hidden = true;
    });
    const stay = () => this.isAtEnd && this.scrollToEnd();
    this.thread.addEventListener("load", stay, { capture: true });
    new ResizeObserver(stay).observe(this.thread);
  }

  draw(phone, state) {
    this.phone = phone;
    const name = phone.name;
    this.find(".tag-name").textContent = name;
    this.find(".tag-number").textContent = formatNumber(phone.number);
    this.find(".edit").setAttribute("aria-label", `Edit the phone of ${name}`);
    this.root.setAttribute("aria-label", `Phone of ${name}, ${formatNumber(phone.number)}`);
    this.thread.setAttribute("aria-label", `Messages on the phone of ${name}`);
    this.text.setAttribute("aria-label", `Message from ${name}`);
    this.text.placeholder = phone.channel === "whatsapp" ? "WhatsApp message" : "Text message";
    this.find(".attach input").setAttribute("aria-label", `Attach pictures, ${name}`);
    this.find(".contact-name").textContent = state.company || formatNumber(state.number);
    this.find(".contact-number").textContent = state.company ? formatNumber(state.number) : "";
    this.find(".avatar").textContent = initials(state.company);
    this.find(".opted-out").hidden = !phone.opted_out;
    const trouble = this.find(".trouble-badge");
    trouble.hidden = !phone.trouble;
    trouble.textContent = phone.trouble ?? "";
    this.drawThread(phone.messages);
  }

  drawThread(messages) {
    const shown = messages.filter(isOnPhone);
    const last = shown.at(-1);
    const isNew = last && !this.entries.has(last.sid);
    const children = [];
    shown.forEach((message, index) => {
      const before = shown[index - 1];
      if (!before || isNewDay(before.created_at, message.created_at)) {
        children.push(dayElement(message.created_at));
      }
      children.push(this.entry(message, before, shown[index + 1]));
    });
    if (!shown.length) children.push(hello());
    reconcile(this.thread, children);
    if (this.isAtEnd) this.scrollToEnd();
    else if (isNew) this.find(".newer").hidden = false;
    this.isFirstDraw = false;
  }

  // An entry is made again only when its content changed, so that nothing flickers and
  // screen readers hear each message once.
  entry(message, before, after) {
    const follows = isSameGroup(before, message);
    const tail = !isSameGroup(message, after);
    const drawn = JSON.stringify([message, follows, tail]);
    const known = this.entries.get(message.sid);
    if (known?.drawn === drawn) return known.element;
    const element = entryElement(message, follows, tail, (button) => this.sendAgain(message, button));
    if (!known && !this.isFirstDraw) element.classList.add("fresh");
    this.entries.set(message.sid, { element, drawn });
    return element;
  }

  scrollToEnd() {
    this.thread.scrollTop = this.thread.scrollHeight;
    this.find(".newer").hidden = true;
  }

  async attach(files) {
    for (const file of files.slice(0, 10 - this.uploads.length)) {
      const url = await readAsDataUrl(file);
      const content = url.slice(url.indexOf(",") + 1);
      this.uploads.push({ url, name: file.name, content_type: file.type, content });
    }
    this.drawUploads();
    this.text.focus();
  }

  drawUploads() {
    const row = this.find(".attached");
    row.hidden = !this.uploads.length;
    row.replaceChildren(
      ...this.uploads.map((upload) => {
        const button = make("button", { type: "button" });
        button.setAttribute("aria-label", `Remove ${upload.name}`);
        button.append(make("img", { src: upload.url, alt: "" }));
        button.addEventListener("click", () => {
          this.uploads.splice(this.uploads.indexOf(upload), 1);
          this.drawUploads();
        });
        return button;
      }),
    );
    this.showReadiness();
  }

  showReadiness() {
    this.composer.classList.toggle("ready", Boolean(this.text.value.trim() || this.uploads.length));
  }

  send() {
    const body = this.text.value.trim();
    const media = this.uploads.map(({ content_type, content }) => ({ content_type, content }));
    if (!body && !media.length) return;
    this.text.value = "";
    this.uploads = [];
    this.drawUploads();
    this.scrollToEnd();
    this.post({ body, media }).catch(() => {
      this.text.value ||= body;
      this.showReadiness();
    });
  }

  // The same id makes it the same message to the application.
  async sendAgain(message, button) {
    button.disabled = true;
    await this.post({ body: message.body, message_sid: message.sid }).catch(() => {});
    button.disabled = false;
  }

  async post(draft) {
    const refused = this.find(".refused");
    refused.hidden = true;
    try {
      await request("POST", `/phones/${encodeURIComponent(this.number)}/messages`, draft);
    } catch (error) {
      refused.textContent = error.message;
      refused.hidden = false;
      throw error;
    }
  }
}

// A message that is still on its way has not reached the phone.
function isOnPhone(message) {
  return message.direction === "inbound" || !["accepted", "queued"].includes(message.status);
}

function isSameGroup(one, other) {
  if (!one || !other || one.direction.slice(0, 2) !== other.direction.slice(0, 2)) return false;
  if (noteOf(one).bad) return false;
  return Date.parse(other.created_at) - Date.parse(one.created_at) < GROUP_GAP;
}

// What stands below a bubble: how the delivery went, from the phone's side.
function noteOf(message) {
  if (message.direction === "inbound") {
    if (message.status === "receiving") return { text: "Sending…" };
    if (message.status === "failed") return { bad: true, text: `Not sent. ${message.error}` };
    return message.error ? { bad: true, text: message.error } : { text: "Delivered" };
  }
  if (message.error_code) {
    return { bad: true, text: `Did not arrive. ${message.error} (${message.error_code})` };
  }
  const notes = [];
  if (message.direction === "outbound-reply") notes.push("Automatic reply");
  if (message.num_segments > 1) notes.push(`${message.num_segments} segments`);
  return { text: notes.join(" · ") };
}

function entryElement(message, follows, tail, onAgain) {
  const mine = message.direction === "inbound";
  const element = make("div", { className: "entry" });
  element.classList.toggle("mine", mine);
  element.classList.toggle("follows", follows);
  element.classList.toggle("tail", tail);
  element.classList.toggle("pending", message.status === "receiving");
  element.classList.toggle("failed", mine && message.status === "failed");
  element.classList.toggle("lost", !mine && Boolean(message.error_code));
  element.append(...message.media.map(pictureElement));
  if (message.body) element.append(make("div", { className: "bubble", textContent: message.body }));
  const note = noteOf(message);
  if (tail || note.bad || message.status === "receiving") element.append(metaElement(message, note));
  if (mine && message.status === "failed") {
    const again = make("button", { className: "again", type: "button", textContent: "Try again" });
    again.addEventListener("click", () => onAgain(again));
    element.lastElementChild.append(" ", again);
  }
  return element;
}

function metaElement(message, note) {
  const meta = make("div", { className: "meta" });
  const time = make("time", { dateTime: message.created_at });
  time.textContent = formatTime(message.created_at);
  const text = make("span", { className: note.bad ? "bad" : "", textContent: note.text });
  meta.append(time, note.text ? " · " : "", text);
  return meta;
}

function pictureElement({ content_type, url }) {
  const link = make("a", { className: "picture", href: url, target: "_blank", rel: "noreferrer" });
  const image = make("img", { src: url, alt: "Picture" });
  image.addEventListener("error", () => {
    link.textContent = content_type || "File";
    link.classList.add("bubble");
  });
  link.append(image);
  return link;
}

function dayElement(moment) {
  const { day, time } = dayLabel(moment);
  const element = make("div", { className: "day" });
  element.append(make("b", { textContent: day }), ` ${time}`);
  return element;
}

function hello() {
  const text = "No messages yet. Write the first one, as a customer would.";
  return make("p", { className: "hello", textContent: text });
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function reconcile(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

function readAsDataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

function draw(state) {
  document.querySelector("[data-company-number]").textContent = formatNumber(state.number);
  document.querySelector("[data-webhook]").textContent = state.webhook_url;
  document.querySelector(".troubles").replaceChildren(...state.troubles.map(troubleElement));
  document.querySelector(".empty").hidden = state.phones.length > 0;
  const views = state.phones.map((phone) => {
    const view = phones.get(phone.number) ?? new PhoneView(phone.number);
    phones.set(phone.number, view);
    return view;
  });
  const numbers = new Set(state.phones.map((phone) => phone.number));
  for (const number of phones.keys()) if (!numbers.has(number)) phones.delete(number);
  reconcile(shelf, views.map((view) => view.root));
  views.forEach((view, index) => view.draw(state.phones[index], state));
}

function troubleElement({ ending, title, detail }) {
  const row = make("div", {});
  const words = make("dd", {});
  words.append(make("b", { textContent: title }), detail);
  row.append(make("dt", { textContent: `…${ending}` }), words);
  return row;
}

async function showAdded(number) {
  await refresh();
  const view = phones.get(number);
  view?.root.scrollIntoView({ block: "center" });
  view?.text.focus({ preventScroll: true });
}

// At most one fetch at a time; a change during a fetch leads to one more.
let fetching = null;
let isStale = false;
function refresh() {
  isStale = true;
  fetching ??= fetchAndDraw().finally(() => {
    fetching = null;
  });
  return fetching;
}

async function fetchAndDraw() {
  while (isStale) {
    isStale = false;
    // Without an answer there is nothing to draw; the stream reconnects on its own, and its
    // first line asks for a refresh again.
    const state = await request("GET", "/state").catch(() => null);
    if (state) draw(state);
  }
}

function live(on, text) {
  const element = document.querySelector("[data-live]");
  element.classList.toggle("on", on);
  element.textContent = text;
}

function follow() {
  const events = new EventSource("/events");
  events.addEventListener("open", () => live(true, "Live"));
  events.addEventListener("error", () => live(false, "Reconnecting"));
  events.addEventListener("message", refresh);
}

function tick() {
  const now = formatTime(new Date().toISOString());
  for (const clock of document.querySelectorAll(".clock")) clock.textContent = now;
}

function setUpTheme() {
  const root = document.documentElement;
  const saved = localStorage.getItem("phones.theme");
  if (saved) root.dataset.theme = saved;
  document.querySelector("[data-theme-toggle]").addEventListener("click", () => {
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    localStorage.setItem("phones.theme", root.dataset.theme);
  });
}

setUpTheme();
setUpDialogs(showAdded);
follow();
new MutationObserver(tick).observe(shelf, { childList: true });
setInterval(tick, 5_000);
