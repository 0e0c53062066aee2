// What the desk does beyond its forms and links: keys, replies at hand, drafts, the newest line, sound, title.
"use strict";

const words = document.querySelector("#wording").dataset;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const shown = (element) => element.checkVisibility({ visibilityProperty: true });

document.documentElement.classList.add("scripted");

/* Every form that acts carries an id of its own, so that sending it twice is doing it once. */
const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

document.addEventListener("submit", (event) => {
  const id = find("[name=once]", event.target);
  if (id && !id.value) id.value = fresh();
}, true);

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  const id = ctx.request.body?.get?.("once");
  if (id === "") ctx.request.body.set("once", fresh());
});

document.addEventListener("htmx:finally:request", (event) => {
  const id = event.target.matches?.("form") && find("[name=once]", event.target);
  if (id) id.value = "";
});

/* The composer: drafts by conversation, quoting, what was said or noted. */
const drafts = new Map();
const composer = () => find("#compose");
const reply = () => find("#reply");

document.addEventListener("input", (event) => {
  if (event.target !== reply()) return;
  drafts.set(composer().dataset.chat, reply().value);
  suggest();
});

function restore() {
  const form = composer();
  if (form && !reply().value && drafts.has(form.dataset.chat)) reply().value = drafts.get(form.dataset.chat);
}

function emptied() {
  const form = composer();
  if (!form) return;
  drafts.delete(form.dataset.chat);
  reply().value = "";
  quote(null);
  find("#preview").hidden = true;
  newest(true);
}

for (const did of ["say", "note"]) document.addEventListener(`desk:${did}`, emptied);
const ENDING = ["release", "transfer", "snooze", "label", "answer", "edit", "condition", "clear", "waive", "decide", "propose", "confirm", "refuse", "withdraw"];
for (const did of ENDING) {
  document.addEventListener(`desk:${did}`, () => {
    all("details.pop[open], details.fill[open]").forEach((details) => {
      details.open = false;
      find("form", details)?.reset();
    });
  });
}
document.addEventListener("desk:draft", () => {
  reply().value = reply().defaultValue;
  reply().focus();
});

function quote(n) {
  const form = composer();
  const line = n && find(`#m${n} .words`);
  find("[data-quoting]", form).value = line ? n : "";
  const shownQuote = find("[data-quoted]", form);
  shownQuote.hidden = !line;
  find("span", shownQuote).textContent = line ? line.textContent.slice(0, 120) : "";
  if (line) reply().focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.quote) quote(button.dataset.quote);
  if (button?.closest("[data-quoted]")) quote(null);
  if (button?.matches("[data-note], [data-send]")) reply()?.focus();
  if (button?.matches("[data-help]")) help();
  if (button?.matches("[data-sound]")) toggleSound(button);
  for (const open of all("details.pop[open]")) if (!open.contains(event.target)) open.open = false;
});

document.addEventListener("htmx:before:request", (event) => {
  const submitter = event.detail.ctx?.sourceEvent?.submitter;
  if (submitter?.matches?.("[data-preview]")) find("#preview").hidden = false;
});

/* Replies at hand by "/short", and colleagues by "@name": chosen with the arrow keys, Enter or Tab. */
const called = () => {
  const before = reply().value.slice(0, reply().selectionStart);
  const slash = /^\/([\p{L}\p{N}_-]*)$/u.exec(before);
  const at = /(?:^|\s)@([\p{L}\p{N}_ -]{0,40})$/u.exec(before);
  if (slash) return { sign: "/", asked: slash[1], from: find("#canned"), start: 0 };
  return at && { sign: "@", asked: at[1], from: find("#named"), start: before.length - at[1].length - 1 };
};

function suggest() {
  const list = find("#ready");
  const call = called();
  const matching = call ? all("[data-short]", call.from.content).filter((one) => one.dataset.short.toLowerCase().startsWith(call.asked.toLowerCase())) : [];
  list.replaceChildren(...matching.slice(0, 8).map((one, place) => option(call, one.dataset, place)));
  list.hidden = !matching.length;
  reply().setAttribute("aria-activedescendant", matching.length ? "ready-0" : "");
}

function option(call, { short, text }, place) {
  const line = document.createElement("li");
  line.id = `ready-${place}`;
  line.role = "option";
  line.ariaSelected = String(place === 0);
  const name = document.createElement("b");
  name.textContent = call.sign + short;
  const rest = document.createElement("span");
  rest.textContent = text ?? "";
  line.append(name, " ", rest);
  line.put = text ?? `@${short} `;
  line.addEventListener("mousedown", (event) => {
    event.preventDefault();
    choose(line);
  });
  return line;
}

function choose(line) {
  const call = called();
  const field = reply();
  field.setRangeText(line.put, call.start, field.selectionStart, "end");
  find("#ready").hidden = true;
  drafts.set(composer().dataset.chat, field.value);
}

function step(by) {
  const options = all("#ready [role=option]");
  const now = options.findIndex((line) => line.ariaSelected === "true");
  const next = (now + by + options.length) % options.length;
  options.forEach((line, place) => { line.ariaSelected = String(place === next); });
  reply().setAttribute("aria-activedescendant", options[next].id);
  options[next].scrollIntoView({ block: "nearest" });
}

function keysInComposer(event) {
  if (event.isComposing) return;
  const list = find("#ready");
  if (!list.hidden) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      step(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Enter" || event.key === "Tab") {
      choose(find("#ready [aria-selected=true]"));
      event.preventDefault();
    } else if (event.key === "Escape") {
      list.hidden = true;
      event.stopPropagation();
    }
    return;
  }
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    const button = find("[data-send]", composer());
    if (reply().value.trim()) (button.disabled ? find("[data-note]", composer()) : button).click();
  } else if (event.key === "Escape") {
    reply().blur();
  }
}

/* One key each: what carries `data-key` is clicked, opened or focused. They can be turned off. */
const OFF = "desk.keys.off";
const keysOn = () => localStorage.getItem(OFF) === null;
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.target === reply()) keysInComposer(event);
  else if (event.key === "Escape") leave(event);
  else if (!typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey && keysOn() && !find("dialog[open]")) {
    if (press(event.key)) event.preventDefault();
  }
});

function leave(event) {
  const open = all("details.pop[open], details.fill[open]");
  open.forEach((details) => {
    details.open = false;
    find("summary", details).focus();
  });
  if (!open.length && typing(event.target)) event.target.blur();
}

function press(key) {
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  const target = all(`[data-key="${CSS.escape(key)}"]`).find((one) => shown(one) && !one.disabled);
  if (!target) return false;
  if (target.matches("input, textarea")) target.focus();
  else if (target.matches("[data-note]")) reply().focus();
  else {
    target.click();
    const details = target.closest("details");
    if (details?.open) find("select, textarea, input:not([type=hidden]), form button", details)?.focus();
  }
  return true;
}

function walk(by) {
  const lines = all("#list .line");
  if (!lines.length) return false;
  const on = lines.indexOf(document.activeElement);
  const at = on >= 0 ? on : lines.findIndex((line) => line.ariaCurrent === "true");
  const next = lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function help() {
  const dialog = find("dialog.keys");
  const entries = [["j", words.next], ["k", words.previous], ["Enter", words.send], ["Esc", words.escape]];
  const seen = new Set();
  for (const one of all("[data-key]")) {
    const name = one.getAttribute("placeholder") || one.getAttribute("aria-label") || one.textContent.trim();
    if (shown(one) && !seen.has(one.dataset.key)) entries.push([one.dataset.key, name.replace(/\s+/g, " ")]);
    seen.add(one.dataset.key);
  }
  find("dl", dialog).replaceChildren(...entries.map(([key, name]) => {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const what = document.createElement("dd");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
    what.textContent = name;
    line.append(term, what);
    return line;
  }));
  find("[data-keys-on]").checked = keysOn();
  dialog.showModal();
}

find("[data-keys-on]").addEventListener("change", (event) => {
  if (event.target.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});

/* The newest line stays in sight as long as somebody reads at the end. */
let atEnd = true;
let openChat = "";

document.addEventListener("scroll", (event) => {
  if (event.target.id === "log") atEnd = event.target.scrollTop + event.target.clientHeight > event.target.scrollHeight - 40;
}, true);

function newest(always) {
  const log = find("#log");
  if (log && (atEnd || always)) log.scrollTop = log.scrollHeight;
}

/* What is shown to somebody who looks has been read. */
let told = "";

function seen() {
  const live = find("#live");
  const last = find("#log .said > li:last-child")?.id ?? "";
  const mark = `${live?.dataset.chat}:${last}`;
  if (!live?.dataset.seen || document.hidden || mark === told) return;
  const first = told === "" || !told.startsWith(`${live.dataset.chat}:`);
  told = mark;
  if (first) return; // opening it has said so
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  fetch(live.dataset.seen, { method: "POST", headers }).catch(() => { told = ""; });
}

/* Title and sound: how many wait, and whether somebody new does. */
const SOUND = "desk.sound";
let context = null;
let waiting = null;

function toggleSound(button) {
  const on = button.ariaPressed !== "true";
  button.ariaPressed = String(on);
  if (on) localStorage.setItem(SOUND, "1");
  else localStorage.removeItem(SOUND);
  if (on) play();
}

function play() {
  context ??= new AudioContext();
  context.resume();
  for (const [pitch, start] of [[660, 0], [880, 0.14]]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, context.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + start + 0.25);
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + start);
    tone.stop(context.currentTime + start + 0.26);
  }
  document.body.dataset.played = String(Number(document.body.dataset.played ?? 0) + 1);
}

function pulse() {
  const now = Number(find("#views [data-waiting]")?.dataset.waiting ?? 0);
  document.title = (now ? `(${now}) ` : "") + words.title;
  const sound = find("[data-sound]");
  if (waiting !== null && now > waiting && sound?.ariaPressed === "true") play();
  waiting = now;
}

// A browser lets a page sound only after somebody has used it: the wish is kept, the first click or key lets it.
const wished = () => {
  const button = find("[data-sound]");
  if (button && localStorage.getItem(SOUND)) {
    button.ariaPressed = "true";
    context ??= new AudioContext();
    context.resume();
  }
};
document.addEventListener("pointerdown", wished, { once: true });
document.addEventListener("keydown", wished, { once: true });

/* The stream: everything that came is put in its place; while it is away the page says so. */
document.addEventListener("htmx:sse:error", () => { document.body.dataset.lost = words.lost; });
document.addEventListener("htmx:sse:after:message", () => { delete document.body.dataset.lost; });

function settle() {
  const chat = find("#live")?.dataset.chat ?? "";
  if (chat !== openChat) {
    openChat = chat;
    atEnd = true;
  }
  newest(false);
  restore();
  seen();
  pulse();
}

document.addEventListener("htmx:after:swap", settle);
document.addEventListener("visibilitychange", seen);
settle();
newest(true);
