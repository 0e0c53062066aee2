// The page works without this file; with it messages arrive live and leave without a reload.
// Markup comes only from the server's own rendered rows; what a person wrote is only ever set as text.
"use strict";

const $ = (id) => document.getElementById(id);
const body = document.body;
const said = $("said");
const sending = $("sending");
const outgoing = [];
const PATIENCE = [0, 1000, 2000, 4000, 8000];
let last = Number(body.dataset.last);
let wanted = last;
let catching = null;
let draining = false;
let source = null;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only on https and localhost
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

// Down to the newest, yet never past the beginning of what is new: a long card is read from its top.
function newest(first) {
  const top = first ? first.getBoundingClientRect().top - said.getBoundingClientRect().top : Infinity;
  $("log").scrollTop = Math.min($("log").scrollHeight, top);
}

function lastHeard() {
  const rows = [...said.children];
  return rows[rows.findLastIndex((row) => row.classList.contains("merchant")) + 1];
}

function showNews(html) {
  const news = new DOMParser().parseFromString(html, "text/html").querySelector("[data-last]");
  if (news.dataset.language !== document.documentElement.lang) return location.reload();
  const rows = [...news.querySelectorAll("li[data-n]")].filter((row) => Number(row.dataset.n) > last);
  if (rows.some((row) => "keyboard" in row.dataset)) settle();
  said.append(...rows.filter((row) => !corrects(row)));
  if (rows.some((row) => "keyboard" in row.dataset)) progressed(news.querySelector(".progress"));
  last = Math.max(last, Number(news.dataset.last));
  busy(news.dataset.busy === "yes");
  said.querySelectorAll("[data-wait]").forEach(wait);
  if (rows.length) newest(rows.find((row) => !row.classList.contains("merchant")));
}

// A message that was edited changes where it stands.
function corrects(row) {
  const old = row.dataset.edits && said.querySelector(`li[data-n="${row.dataset.edits}"]`);
  if (!old) return false;
  old.querySelector(".words").textContent = row.querySelector(".words").textContent;
  old.querySelector("time").textContent = row.querySelector("time").textContent;
  return true;
}

function progressed(progress) {
  $("progress").hidden = !progress;
  if (progress) $("progress").replaceChildren(...progress.childNodes);
}

// A cost statement is read before it is confirmed: its button waits.
async function wait(button) {
  const [label, seconds] = [button.textContent, Number(button.dataset.wait)];
  delete button.dataset.wait;
  button.disabled = true;
  for (let left = seconds; left > 0; left--) {
    button.textContent = `${label}（${left}）`;
    await pause(1000);
  }
  button.textContent = label;
  button.disabled = false;
}

// Buttons of questions already answered go away.
function settle() {
  const focused = document.activeElement?.closest("[data-keys]");
  said.querySelectorAll("[data-keys]").forEach((keys) => keys.remove());
  if (focused) $("words").focus({ preventScroll: true });
}

function busy(yes) {
  $("typing").hidden = !yes;
}

async function catchUp() {
  do {
    const answer = await fetch(`/chat/messages?after=${last}`, { headers: { Accept: "text/html" } });
    if (answer.status === 401) return location.reload();
    if (answer.ok) showNews(await answer.text());
    else await pause(1000);
  } while (last < wanted);
}

function refresh() {
  catching ??= catchUp().finally(() => { catching = null; });
  return catching;
}

function follow() {
  source = new EventSource(`/chat/stream?after=${last}`);
  source.onopen = () => { $("offline").hidden = true; };
  source.onmessage = (event) => {
    wanted = Math.max(wanted, Number(event.lastEventId));
    if (wanted > last) refresh().catch(() => {});
  };
  source.onerror = () => {
    pause(1500).then(() => { $("offline").hidden = source.readyState === EventSource.OPEN; });
    if (source.readyState === EventSource.CLOSED) pause(3000).then(follow);
  };
}

async function begin() {
  const answer = await fetch("/chat/sessions", { method: "POST" });
  if (!answer.ok) throw new Error(answer.status);
  $("begin")?.remove();
  await refresh();
}

// One message at a time and in order, tried again with the same id, so that it counts once.
async function drain() {
  if (draining) return;
  draining = true;
  while (outgoing.length) await deliver(outgoing[0]);
  draining = false;
}

// While the server is busy or away the words stay in their bubble, to be sent again by a tap in the end.
async function deliver(message) {
  let answer = null;
  for (const wait of PATIENCE) {
    await pause(Math.max(wait, 1000 * Number(answer?.headers.get("Retry-After") ?? 0)));
    answer = await post(message.body);
    if (answer?.status === 401) return location.reload();
    if (answer?.ok) return delivered(message);
    if (answer && answer.status < 500 && answer.status !== 429) return failed(message, await answer.json());
  }
  failed(message, await answer?.json().catch(() => null), true);
}

function post(fields) {
  const headers = { "Content-Type": "application/json" };
  return fetch("/chat/messages", { method: "POST", headers, body: JSON.stringify(fields) }).catch(() => null);
}

async function delivered(message) {
  outgoing.shift();
  if (/^\/delete yes/.test(message.body.choice ?? message.body.text)) return location.reload();
  await refresh().catch(() => {});
  message.form?.removeAttribute("aria-busy");
  if (message.bubble) keep(message);
}

// The stored row replaces the bubble; words that are not stored (before consent) stay in this page only.
function keep({ bubble, before }) {
  bubble.querySelector(".state").textContent = "";
  bubble.querySelector(".retry").hidden = true;
  const rows = [...said.children];
  const since = rows.slice(before ? rows.indexOf(before) + 1 : 0);
  if (since.some((row) => "n" in row.dataset && row.classList.contains("merchant"))) bubble.remove();
  else if (before) before.after(bubble);
  else said.prepend(bubble);
}

function failed(message, problem, passing = false) {
  outgoing.shift();
  message.form?.removeAttribute("aria-busy");
  if (!message.bubble) return;
  const [state, retry] = message.bubble.querySelectorAll(".state, .retry");
  state.textContent = problem ? problem.error.message : "";
  retry.hidden = Boolean(problem) && !passing;
  retry.onclick = () => send(message);
}

function send(message) {
  if (message.bubble) {
    message.bubble.querySelector(".state").textContent = $("wording").dataset.sending;
    message.bubble.querySelector(".retry").hidden = true;
  }
  message.form?.setAttribute("aria-busy", "true");
  outgoing.push(message);
  drain();
}

function bubble(text) {
  const row = $("bubble").content.cloneNode(true).firstElementChild;
  row.querySelector(".words").textContent = text;
  sending.append(row);
  newest();
  return row;
}

function taken(event) {
  const form = event.target;
  if (!form.matches("[data-send]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return; // a second tap
  const [words, button] = [form.elements.text, event.submitter];
  const text = new FormData(form).getAll("text").join("、");
  if (words && !text.trim()) return;
  const fields = words ? { text } : { choice: button.value, asked: form.elements.asked?.value };
  const shown = button && "quiet" in button.dataset ? null : bubble(words ? text : button.textContent);
  form.closest("details")?.removeAttribute("open");
  const message = { body: { id: uuid(), ...fields }, bubble: shown, before: said.lastElementChild };
  send(words === $("words") ? message : { ...message, form });
  if (words === $("words")) words.value = "";
}

document.addEventListener("submit", taken);
$("words").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
});

// One tab at a time, so that two tabs opened together share one conversation.
async function begun() {
  try {
    await (navigator.locks ? navigator.locks.request("begin", begin) : begin());
  } catch {
    $("offline").hidden = false;
    await pause(3000);
    await begun();
  }
}

async function open() {
  said.querySelectorAll("[data-wait]").forEach(wait);
  newest(lastHeard());
  if (body.dataset.begin) await begun();
  $("offline").hidden = true;
  follow();
}

open();
