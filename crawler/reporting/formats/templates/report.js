"use strict";
// The page of report.html: one script, no library, no request (docs/adr/0031).
//
// The seam for `linkhealth review`: everything that keeps decisions is behind the object `store`.
//   load()            Promise of a Map: key -> row. A row has the columns of report.csv: url, path, at, kind, reason,
//                     declared, actual, suggestion, decision, new_value, until, note; all texts, none empty.
//   put(changes)      Promise; changes are [{key, before, after}], each side a row or null; resolves to a list of
//                     [{key, row, why}]: what was not taken because it had changed meanwhile, and how it is now.
//   subscribe(heard)  calls heard(Map) when another tab or another person has decided something.
//   written           a Map: key -> row, of what was carried out while the page was open.
//   outdated          a Map: key -> words for how the link of a decision stands now, where it has changed since.
//   diff(keys)        Promise of {files, left, accepted, diff, conflicts: [text]}: what decisions would change; null without a server.
//   write(commit)     Promise of {settled, conflicts: [text], text}: carries them out; null without a server.
// With <meta name="linkhealth-review" content="BASE"> it is `serverStore`, which asks `linkhealth review` (docs/review.md).
// Else it is `browserStore`, in localStorage.
(() => {
// ------------------------------------------------------------------------------------ small tools

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

/** An element. Texts become text nodes, whatever they hold: nothing here is ever read as HTML. */
function h(tag, facts, ...inside) {
  const made = document.createElement(tag);
  put(made, facts, inside);
  return made;
}
function svg(tag, facts, ...inside) {
  const made = document.createElementNS(SVG, tag);
  put(made, facts, inside);
  return made;
}
function put(made, facts, inside) {
  // Lists of lists are made flat: a row is often written as its parts.
  for (const [name, value] of Object.entries(facts || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "checked" || name === "value" || name === "disabled") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  for (const one of inside.flat(3)) if (one !== null && one !== undefined && one !== false && one !== "") made.append(one);
}

/** Text with visible escapes for what hides, reorders or moves text, as in the other reports. */
function shown(text, limit = 2000) {
  const cut = text.length > limit ? text.slice(0, limit) + "…" : text;
  return cut.replace(/[\p{C}\u2028\u2029]/gu, (one) => {
    if (one === "\u200c" || one === "\u200d") return one;
    const code = one.codePointAt(0);
    if (code === 10) return "\\n";
    if (code === 13) return "\\r";
    if (code === 9) return "\\t";
    const hex = code.toString(16);
    return code < 256 ? "\\x" + hex.padStart(2, "0") : code < 65536 ? "\\u" + hex.padStart(4, "0") : "\\U" + hex.padStart(8, "0");
  });
}
/** Text from outside, its writing direction kept apart. */
const out = (text, limit) => h("bdi", null, shown(String(text), limit));

/** A URL if it is safe as the target of a link, else null. */
function href(url) {
  if (!url || url.length > 4000 || /[\p{C}\p{Z}\\]/u.test(url)) return null;
  try {
    const read = new URL(url);
    return /^https?:$/.test(read.protocol) && !read.username && !read.password && /^https?:\/\//i.test(url) ? url : null;
  } catch {
    return null;
  }
}
function link(url, text, facts) {
  const to = href(url);
  const words = text === undefined ? out(url || "(empty)") : text;
  if (!to) return h("span", { class: "url" }, words);
  return h("a", { class: "url", href: to, rel: "noreferrer noopener", target: "_blank", ...facts }, words);
}
function button(words, act, facts) {
  return h("button", { type: "button", onclick: act, ...facts }, words);
}
function copier(text, what) {
  return button("Copy", async (event) => {
    const node = event.currentTarget;
    const done = await copied(text);
    node.textContent = done ? "Copied" : "Not copied";
    say(done ? `Copied ${what}.` : "The browser did not let it be copied.");
    setTimeout(() => { node.textContent = "Copy"; }, 1500);
  }, { class: "small", "aria-label": `Copy ${what}` });
}
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea", { value: text, "aria-label": "to copy" });
    (topmost() || document.body).append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
const number = (amount) => amount.toLocaleString("en-US");
const counted = (amount, noun, plural = noun + "s") => `${number(amount)} ${amount === 1 ? noun : plural}`;
const MONTHS = "January February March April May June July August September October November December".split(" ");
function day(minutes) {
  if (!minutes) return "";
  const at = new Date(minutes * 60000);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}
function time(minutes) {
  return minutes ? `${day(minutes)}, ${new Date(minutes * 60000).toISOString().slice(11, 16)} UTC` : "";
}
const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
function say(words) {
  const said = $("said");
  // The same words twice would not be read out.
  said.textContent = said.textContent === words ? words + "\u00a0" : words;
}

// ------------------------------------------------------------------------------------------- data

async function block(name) {
  const node = $("data-" + name);
  const packed = node.textContent;
  node.remove();
  let bytes;
  if (Uint8Array.fromBase64) bytes = Uint8Array.fromBase64(packed);
  else {
    const text = atob(packed);
    bytes = new Uint8Array(text.length);
    for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const GONE = { dead: 1, broken: 1 };
const RANK = { dead: 0, broken: 1, invalid: 2, unverifiable: 3, moved: 4, excluded: 5, unchecked: 6, alive: 7 };
const LEVELS = { error: 0, warning: 1, info: 2 };
const CHANGE_WORDS = { "new-broken": "new", "confirmed-dead": "newly dead", recovered: "recovered", "reason-changed": "other reason", still: "" };
const FIELDS = { title: "Title", excerpt: "Excerpt", publishedDateTime: "Date", image: "Image" };
const NONE = [];
let head, items = [], notes = [], links = [], later;

/** Words for a code: what it means and what to do. */
const words = (code) => head.words[code] || ["No plain words for this code.", "See docs/reasons.md."];

function readLink(row, n) {
  const cause = head.causes[row[10] || 0];
  return {
    n, key: "u:" + (row[0] || ""), url: row[0] || "", host: head.hosts[row[1] || 0], verdict: head.verdicts[row[2] || 0],
    reason: head.reasons[row[3] || 0], change: head.changes[row[4] || 0] || "", since: row[5] || 0, status: row[6] || 0,
    roles: row[7] || 0, related: row[8] || 0, suggestion: row[9] || "", cause, places: row[11] || [],
    owners: head.owners[row[12] || 0], priority: row[13] || 0, parent: null, forms: [], images: [], level: 3, folded: NONE, pass: 0, low: "",
  };
}
function readFinding(row, text) {
  return {
    file: row[0] || 0, line: row[1] || 0, at: row[2] || "", reason: row[3] || "", level: row[4] || "info", url: text(row[5]),
    declared: text(row[6]), actual: text(row[7]), suggestion: text(row[8]), explanation: text(row[9]), priority: row[10] || 0,
  };
}
const noteCauses = {};
/** A finding on an article or a file: something to decide that is no link. */
function readNote(row, text, n) {
  const note = readFinding(row.slice(1), text);
  const kind = row[0];
  const named = kind === "metadata" && note.reason === "drifted";
  const [meaning, advice] = words(note.reason);
  const title = named ? `${FIELDS[note.at.split("/")[0]] || "A field"}: the page says something else` : meaning;
  let host = kind === "certificate" ? note.url : "";
  try { host = new URL(note.url).hostname; } catch { /* a value that is no address */ }
  return {
    ...note, n: links.length + n, kind, note: true, host, verdict: "", change: "", since: 0, related: 0, parent: null, forms: [], images: [],
    key: kind === "certificate" ? "c:" + host : "n:" + [head.files[note.file], note.at, kind, note.reason].join("|"),
    cause: (noteCauses[note.reason + (named ? ":" + note.at.split("/")[0] : "")] ||= [note.reason + (named ? ":" + note.at.split("/")[0] : ""), title, advice, 0]),
    places: head.files[note.file] ? [note.file, note.line, -1] : NONE, folded: NONE, pass: 0, owners: ownersOf(note.file), low: "",
  };
}
const ownersOf = (file) => head.owners[(head.articles[file] && head.articles[file][1]) || 0];

async function read() {
  head = (await block("head"))[0];
  const [rows, texts] = await Promise.all([block("urls"), block("texts")]);
  const text = (value) => (typeof value === "number" ? (value ? texts[value - 1] : "") : value || "");
  links = rows.map(readLink);
  for (let n = 0; n < head.parents.length; n += 2) {
    const [child, parent] = [links[head.parents[n]], links[head.parents[n + 1]]];
    child.parent = parent;
    parent.forms.push(child);
  }
  for (const [n, ...found] of head.images) {
    links[n].images = found.map((row) => readFinding(row, text)).sort((one, other) => LEVELS[one.level] - LEVELS[other.level]);
    links[n].level = LEVELS[links[n].images[0].level];
    links[n].priority = Math.max(links[n].priority, ...links[n].images.map((each) => each.priority));
  }
  notes = head.notes.map((row, n) => readNote(row, text, n));
  items = [...links, ...notes];
  later = Promise.all([new Promise((go) => setTimeout(go)).then(() => block("details")), related()])
    .then(([details, places]) => ({ details, places, text }));
}
/** Make the texts that a search looks in, a few at a time, before somebody types. */
async function prepareSearch() {
  for (let n = 0; n < items.length; n += 400) {
    await new Promise((go) => setTimeout(go));
    for (const one of items.slice(n, n + 400)) lower(one);
  }
}

/** The places in related articles by URL: three numbers each, and where those of a URL begin. */
async function related() {
  await new Promise((go) => setTimeout(go, 50));
  const files = await block("related");
  const starts = new Uint32Array(links.length + 2);
  for (const row of files) for (let n = 1, url = 0; n < row.length; n += 3) starts[(url += row[n]) + 2]++;
  for (let n = 2; n < starts.length; n++) starts[n] += starts[n - 1];
  const flat = new Int32Array(starts[links.length + 1] * 3);
  for (const row of files) {
    let url = 0, line = 0, pointer = 0;
    for (let n = 1; n < row.length; n += 3) {
      url += row[n]; line += row[n + 1]; pointer += row[n + 2];
      flat.set([row[0], line, pointer], 3 * starts[url + 1]++);
    }
  }
  return (one) => flat.subarray(3 * starts[one.n], 3 * starts[one.n + 1]);
}

const title = (file) => (head.articles[file] && head.articles[file][0]) || "";
const nameOf = (one) => (one.note ? title(one.file) || head.files[one.file] || one.host : one.url);
const isAmp = (one) => (one.roles & (1 << head.roles.indexOf("amp") | 1 << head.roles.indexOf("amp-cache"))) !== 0;
const hasImageOffer = (one) => one.images.some((found) => found.suggestion);
const canAccept = (one) => Boolean(one.note ? one.suggestion || (one.kind === "amp" && one.explanation) : one.suggestion || hasImageOffer(one));
const articlesOf = (one) => { const files = new Set(); for (let n = 0; n < one.places.length; n += 3) files.add(one.places[n]); return files; };

// ------------------------------------------------------------------------------------------ store

function browserStore(name) {
  const all = () => { try { return new Map(Object.entries(JSON.parse(localStorage.getItem(name) || "{}"))); } catch { return new Map(memory); } };
  let memory = [];
  return {
    isServer: false,
    outdated: new Map(),
    written: new Map(),
    load: async () => all(),
    async put(changes) {
      const now = all();
      for (const { key, after } of changes) after ? now.set(key, after) : now.delete(key);
      memory = [...now];
      try { localStorage.setItem(name, JSON.stringify(Object.fromEntries(now))); } catch { say("This browser keeps nothing for files: export your decisions before you close the page."); }
      return [];
    },
    subscribe: (heard) => addEventListener("storage", (event) => { if (event.key === name || event.key === null) heard(all()); }),
    diff: async () => null,
    write: async () => null,
  };
}
/** Decisions that a server keeps (docs/review.md). It knows what a row is about by its columns; this page by `key`. */
function serverStore(base) {
  const page = "page-" + [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const ABOUT = ["url", "path", "at", "kind", "reason"], AT_ONCE = 5000;
  const kept = new Map(), ids = new Map(), now = new Map(), outdated = new Map(), written = new Map();
  let heard = () => {}, after = 0, digest = null, run = null;
  let byKey = null, byUrl = null;
  const pick = (row, names) => Object.fromEntries(names.filter((name) => row[name]).map((name) => [name, row[name]]));
  const same = (one, other) => ABOUT.every((name) => (one[name] || "") === (other[name] || ""));
  const told = (stands) => (stands ? `${stands.verdict} (${stands.reason})${stands.suggestion ? `, ${stands.suggestion} is suggested` : ""}` : "no longer in the files");
  /** How the link of a row stands as this page shows it, or as the server said since; null where it shows no link. */
  function seen(key, row) {
    byUrl ||= new Map(links.map((one) => [one.url, one]));
    if (now.has(key)) return now.get(key);
    const one = byUrl.get(row.url);
    return one ? { verdict: one.verdict, reason: one.reason, suggestion: one.suggestion || null } : null;
  }
  /** A row as it is sent: one on a note says which, whatever its decision is about. */
  function sent(key, row, undone) {
    byKey ||= new Map(notes.map((one) => [one.key, one]));
    const note = byKey.get(key);
    const about = note ? { path: head.files[note.file], at: note.at, kind: note.kind, reason: note.reason } : {};
    const full = { ...pick(about, ABOUT), ...row };
    return undone ? pick(full, ABOUT) : { ...full, seen: seen(key, row) };
  }
  async function ask(what, body) {
    let answer;
    try {
      answer = await fetch(`${base}/${what}`, body === undefined ? { cache: "no-store" } : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    } catch { throw new Error("the review server does not answer; start it again, and open its new address"); }
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.message || `the server answered ${answer.status}`);
    return found;
  }
  /** Take over what the server says. */
  function learn(found, all) {
    if (all) { kept.clear(); ids.clear(); }
    for (const one of found.decisions) {
      const key = keyOf(one.row);
      if (one.stage === "written") written.set(key, one.row); else written.delete(key);
      if (one.stage === "open") { kept.set(key, one.row); ids.set(key, one.key); } else if (ids.get(key) === one.key || !ids.has(key)) { kept.delete(key); ids.delete(key); }
    }
    after = found.version;
    const before = new Set(outdated.keys()), byId = new Map([...ids].map(([key, id]) => [id, key]));
    outdated.clear();
    for (const one of found.outdated) {
      const key = byId.get(one.key);
      if (key === undefined) continue;
      now.set(key, one.now);
      outdated.set(key, told(one.now));
    }
    const more = [...outdated.keys()].filter((key) => !before.has(key)).length;
    if (more) say(`${counted(more, "decision")} on links that have changed since: look at them again in Decisions.`);
    const ran = found.run && found.run.finished ? found.run.id : run;
    if (run !== null && ran !== run) say("A run has ended since this page was opened: reload it to see what is new.");
    run = ran;
  }
  async function listen() {
    for (let wait = 0; ; ) {
      if (wait) await new Promise((go) => setTimeout(go, wait));
      try {
        const found = await ask(`changes?after=${after}`);
        const before = JSON.stringify([[...kept], [...outdated], [...written]]);
        learn(found, false);
        if (JSON.stringify([[...kept], [...outdated], [...written]]) !== before) heard(new Map(kept));
        wait = 0;
      } catch (error) { if (!wait) say(`Nothing is kept: ${error.message}.`); wait = 3000; }
    }
  }
  const chosen = (keys) => (keys ? keys.map((key) => ids.get(key)).filter(Boolean) : null);
  const conflicts = (found) => [
    ...found.refused.map((one) => `${one.path ? shown(one.path) + (one.line ? ":" + one.line : "") + ": " : ""}${one.reason}`),
    ...found.outdated.map((one) => `${aboutWhat(one.row)}: has changed since it was decided: now ${told(one.now)}`),
  ];
  const text = (found) => found.files.flatMap((one) => (one.diff.length ? one.diff : [`${one.path}: changes too, not shown`])).join("\n");
  return {
    isServer: true,
    outdated,
    written,
    async load() { learn(await ask("decisions"), true); return new Map(kept); },
    async put(changes) {
      const rows = [], of = [];
      for (const { key, before, after: row } of changes) {
        const last = kept.get(key) || before;
        if (last && (!row || !same(sent(key, last, true), sent(key, row, true)))) { rows.push(sent(key, last, true)); of.push([key, null]); }
        if (row) { rows.push(sent(key, row, false)); of.push([key, row]); }
      }
      const refused = [];
      for (let n = 0; n < rows.length; n += AT_ONCE) {
        const found = await ask("decisions", { page, after, decisions: rows.slice(n, n + AT_ONCE) });
        found.results.forEach((one, m) => {
          const [key, row] = of[n + m];
          if (one.state === "kept") { row ? kept.set(key, row) : kept.delete(key); row ? ids.set(key, one.key) : ids.delete(key); outdated.delete(key); return; }
          const name = shown((row || kept.get(key) || {}).url || key.slice(2), 200);
          if (one.state === "refused") { refused.push({ key, row: kept.get(key) || null, why: `${name}: ${one.reason}` }); return; }
          now.set(key, one.now);
          const other = one.others[one.others.length - 1];
          for (const each of one.others) { const at = keyOf(each.row); if (each.stage === "open") { kept.set(at, each.row); ids.set(at, each.key); } else { kept.delete(at); ids.delete(at); } }
          const what = other ? (other.stage === "open" ? `somebody else decided: ${VERBS[other.row.decision] || other.row.decision}${other.row.new_value ? " → " + other.row.new_value : ""}` : `somebody else has ${other.stage === "written" ? "written it" : "taken it back"}`) : `it has changed: now ${told(one.now)}`;
          refused.push({ key, row: kept.get(key) || null, why: `Not kept, ${name}: ${what}. Decide again if you still mean it.` });
        });
      }
      if (refused.length) learn(await ask("decisions"), true);
      return refused.map((one) => ({ ...one, row: kept.get(one.key) || null }));
    },
    subscribe(listener) { heard = listener; listen(); },
    async diff(keys) {
      const found = await ask("diff", { keys: chosen(keys) });
      if (!keys) digest = found.digest;
      return { files: found.files.length, left: found.left, accepted: found.accepted, diff: text(found), conflicts: conflicts(found) };
    },
    async write(commit) {
      const found = await ask("write", { page, digest, commit: Boolean(commit) });
      digest = found.state === "differs" ? found.digest : null;
      if (found.state === "differs") return { settled: 0, conflicts: conflicts(found), text: "Nothing is written: this is not the diff that was shown before. Look at it, and write again.\n" + text(found) };
      const words = [`${counted(found.files.length, "file")} changed, ${counted(found.settled, "decision")} carried out.`, ...(found.accepted ? [`${counted(found.accepted, "URL")} accepted of what was held back: the next audit writes that.`] : []), ...found.commits.map((one) => `commit ${one.name}: ${one.kind}`)];
      if (found.left) words.push(`${counted(found.left, "file")} not looked at yet: write again for the rest.`);
      return { settled: found.settled, conflicts: conflicts(found), text: words.join("\n") };
    },
  };
}

// -------------------------------------------------------------------------------------- decisions

let store, decisions = new Map();
const past = [];
/** Whether there is nothing left to decide on an item: it is decided, or that is in the files already. */
const isDecided = (one) => decisions.has(one.key) || store.written.has(one.key);
const VERBS = { accept: "Accept", replace: "Replace", "replace-everywhere": "Replace everywhere", drop: "Drop", "not-broken": "Not broken", ignore: "Ignore until", seen: "Seen", keep: "Keep" };

/** What a row of decisions is about: a group that is held back, a place, or a URL wherever it stands. */
function keyOf(row) {
  if (row.kind === "held") return "h:" + [row.url || "", row.reason || ""].join("|");
  return row.path && (row.at || row.kind) ? "n:" + [row.path, row.at || "", row.kind || "", row.reason || ""].join("|") : "u:" + row.url;
}
/** The same in words, for lists of decisions. */
const aboutWhat = (row) => (row.kind === "held" ? row.actual || `${row.url || ""} (${row.reason})` : row.url || row.path || "");

/** Whether a decision can be made on an item. */
function allows(one, verb) {
  if (one.kind === "certificate") return false;
  switch (verb) {
    case "accept": return canAccept(one);
    case "replace": return one.note ? Boolean(one.at) && one.kind !== "file" : true;
    case "drop": return one.note ? one.kind === "amp" && Boolean(one.at) : isAmp(one);
    case "not-broken": return !one.note && one.verdict in GONE;
    case "ignore": return !one.note;
    case "seen": return Boolean(one.note) && one.kind === "metadata" && Boolean(one.url);
    default: return one.kind !== "file";
  }
}
/** The row of a file of decisions for an item, with the columns that `apply` reads. */
function rowOf(one, verb, more = {}) {
  const cells = one.note && verb !== "seen"
    ? { path: head.files[one.file], line: one.line ? String(one.line) : "", at: one.at, kind: one.kind, reason: one.reason, url: one.url, declared: one.declared, suggestion: one.suggestion }
    : { url: one.url };
  const row = { ...cells, decision: verb, ...more };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value));
}
/** Make decisions, told as one act that can be undone. `row` is a verb with its values, or null to take one back. */
async function decide(targets, make, told) {
  const changes = [];
  let left = 0;
  for (const one of targets) {
    const after = make(one);
    if (after === undefined) { left++; continue; }
    const before = decisions.get(one.key) || null;
    if (JSON.stringify(before) !== JSON.stringify(after)) changes.push({ key: one.key, before, after });
  }
  const rest = left ? ` ${counted(left, "row")} left as ${left === 1 ? "it is" : "they are"}: that cannot be decided there.` : "";
  if (!changes.length) { say(`Nothing to decide.${rest}`); return; }
  const leftOut = await keep(changes);
  if (!leftOut.size) say(`${told}: ${counted(changes.length, "decision")}.${rest} Press u to undo.`);
}
/** Keep changes as one act that can be undone; returns the keys of those that were not taken. */
async function keep(changes) {
  const leftOut = await change(changes);
  if (leftOut.size < changes.length) past.push(changes.filter(({ key }) => !leftOut.has(key)));
  return leftOut;
}
/** Keep changes; returns the keys of those that were not taken, and says why. */
async function change(changes) {
  for (const { key, after } of changes) after ? decisions.set(key, after) : decisions.delete(key);
  let leftOut = changes;
  try {
    leftOut = await store.put(changes);
    for (const { key, row } of leftOut) row ? decisions.set(key, row) : decisions.delete(key);
    if (leftOut.length) say(leftOut[0].why + (leftOut.length > 1 ? ` And ${number(leftOut.length - 1)} more.` : ""));
  } catch (error) {
    for (const { key, before } of changes) before ? decisions.set(key, before) : decisions.delete(key);
    say(`Not kept: ${error.message}.`);
  }
  refresh();
  show(shownItem, true);
  return new Set(leftOut.map(({ key }) => key));
}
async function undo() {
  const last = past.pop();
  if (!last) { say("Nothing to undo."); return; }
  const leftOut = await change(last.map(({ key, before, after }) => ({ key, before: after, after: before })));
  if (!leftOut.size) say(`Undone: ${counted(last.length, "decision")}.`);
}
function act(verb, targets) {
  const able = targets.filter((one) => allows(one, verb));
  if (!targets.length) { say("Choose a row first."); return; }
  if (!able.length) { say(verb === "accept" ? "Nothing is suggested there." : "That cannot be decided there."); return; }
  if (verb === "accept" || verb === "drop" || verb === "keep" || verb === "seen") {
    decide(targets, (one) => (allows(one, verb) ? rowOf(one, verb) : undefined), VERBS[verb]);
  } else if (verb === "replace") askReplace(able);
  else askWhy(verb, able);
}

/** The dialog on top, if one is open. */
const topmost = () => [...document.querySelectorAll("dialog[open]")].pop();

/** A dialog with a heading; it gives the focus back when it is closed. */
function dialog(heading, facts, ...inside) {
  const name = "dialog-title-" + (facts.id || "ask");
  const made = h("dialog", { class: facts.class || "ask", "aria-labelledby": name, id: facts.id },
    h("div", { class: "dialog-head" }, h("h2", { id: name }, heading), button("Close", () => made.close(), { class: "small close" })), ...inside);
  made.addEventListener("close", () => { made.remove(); if (facts.closed) facts.closed(); (topmost() ? topmost().querySelector(".close") : $("list")).focus({ preventScroll: true }); });
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  document.body.append(made);
  made.showModal();
  return made;
}
function field(label, input, hint) {
  return h("label", { class: "field" }, h("span", null, label), input, hint && h("span", { class: "quiet small" }, hint));
}
function refuse(box, words) {
  box.querySelector(".wrong").textContent = words;
}
function askWhy(verb, targets) {
  const note = h("input", { type: "text", maxlength: 500, required: true });
  const until = h("input", { type: "date", min: head.generated.slice(0, 10) });
  const go = () => {
    if (!note.value.trim()) { refuse(box, "Say why, for those who read the reports later."); note.focus(); return; }
    if (verb === "ignore" && !until.value) { refuse(box, "Give the first day on which to judge the link again."); until.focus(); return; }
    const more = { note: note.value.trim(), ...(verb === "ignore" ? { until: until.value } : {}) };
    box.close();
    decide(targets, (one) => rowOf(one, verb, more), VERBS[verb]);
  };
  const box = dialog(`${VERBS[verb]}: ${counted(targets.length, "link")}`, {},
    h("p", { class: "quiet" }, verb === "ignore" ? "The link is left out, and not visited, until that day." : "The link works. It is left out until its evidence changes."),
    field("Why", note), verb === "ignore" && field("Until", until), h("p", { class: "wrong bad", role: "alert" }), h("p", null, button("Decide", go, { class: "main" })));
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); go(); } });
  note.focus();
}
function commonStart(texts) {
  let start = texts[0] || "";
  for (const text of texts) while (!text.startsWith(start)) start = start.slice(0, -1);
  return start.slice(0, start.lastIndexOf("/") + 1);
}
function askReplace(targets) {
  const [first] = targets;
  if (targets.length > 1 && targets.every((one) => !one.note)) { askPattern(targets); return; }
  const value = h("input", { type: "text", value: (decisions.get(first.key) || {}).new_value || first.suggestion || first.url || first.declared });
  const go = () => {
    const text = value.value.trim();
    if (!text || text === first.url) { refuse(box, "Give another value than the one that stands there."); return; }
    box.close();
    decide(targets, (one) => rowOf(one, "replace", { new_value: text }), "Replace");
  };
  const box = dialog(first.note ? "Replace the value" : "Replace the address", {},
    h("p", { class: "quiet" }, "Now: ", out(first.note ? first.declared || first.url || "nothing" : first.url)),
    field(first.note ? "New value" : "New address", value, first.note ? "At this place." : "Wherever the address stands in your own articles."),
    h("p", { class: "wrong bad", role: "alert" }),
    h("p", null, button("Decide", go, { class: "main" }), " ", !first.note && button("By pattern, over the whole host …", () => { box.close(); askPattern(targets); })));
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === value) { event.preventDefault(); go(); } });
  value.focus();
  value.select();
}
/** The beginnings that most of some addresses share, each with how many do: [[beginning, amount]]. */
function beginnings(urls, most = 5) {
  const amounts = new Map();
  for (const url of urls) for (let end = url.indexOf("/", url.indexOf("://") + 3); end > 0; end = url.indexOf("/", end + 1)) {
    const start = url.slice(0, end + 1);
    amounts.set(start, (amounts.get(start) || 0) + 1);
  }
  // Of two beginnings of the same addresses the longer one says more.
  const says = ([start, amount]) => amount > 1 && ![...amounts].some(([other, same]) => same === amount && other.length > start.length && other.startsWith(start));
  return amounts.size > 20000 ? [] : [...amounts].filter(([, amount]) => amount > 1).sort((one, other) => other[1] - one[1] || compare(one[0], other[0])).slice(0, 60).filter(says).slice(0, most);
}
/** Replace an old beginning of addresses by a new one, with a preview of every address that comes of it. */
function askPattern(given) {
  const hosts = new Set(given.map((one) => one.host));
  const host = hosts.size === 1 ? given[0].host : "";
  const start = commonStart(given.map((one) => one.url));
  const from = h("input", { type: "text", value: start });
  const to = h("input", { type: "text", value: start });
  const all = h("input", { type: "checkbox" });
  const preview = h("textarea", { readonly: true, rows: 12, "aria-label": "Every address before and after" });
  const sum = h("p", { role: "status" });
  let made = [];
  const look = () => {
    const targets = all.checked ? links.filter((one) => one.host === host && one.places.length) : given;
    const begun = targets.filter((one) => one.url.startsWith(from.value));
    const isSame = !from.value || from.value === to.value;
    made = isSame ? [] : begun.map((one) => [one, to.value + one.url.slice(from.value.length)]);
    const wrong = made.filter(([, url]) => !href(url)).length;
    sum.textContent = `${counted(begun.length, "address", "addresses")} of ${number(targets.length)} ${begun.length === 1 ? "begins" : "begin"} so${isSame ? "; type the new beginning" : ""}${wrong ? `; ${number(wrong)} would be no address of the web and are left out` : ""}.`;
    preview.value = isSame ? begun.map((one) => shown(one.url)).join("\n") : made.map(([one, url]) => `${shown(one.url)}\n    → ${href(url) ? shown(url) : "(no address) " + shown(url)}`).join("\n");
  };
  for (const input of [from, to, all]) input.addEventListener("input", look);
  const go = () => {
    const good = new Map(made.filter(([, url]) => href(url)).map(([one, url]) => [one, url]));
    if (!good.size) { refuse(box, "No address begins so, or nothing changes."); from.focus(); return; }
    box.close();
    decide([...good.keys()], (one) => rowOf(one, "replace", { new_value: good.get(one) }), "Replace by pattern");
  };
  const offer = beginnings(given.map((one) => one.url));
  const take = (start) => { from.value = to.value = start; look(); to.focus(); };
  const box = dialog("Replace by pattern", { class: "ask wide" },
    field("Old beginning", from),
    offer.length > 1 && h("div", { class: "actions", role: "group", "aria-label": "Beginnings that they share" }, offer.map(([start, amount]) => button([out(start, 120), ` (${number(amount)})`], () => take(start), { class: "small" }))),
    field("New beginning", to),
    host && h("label", { class: "check" }, all, h("span", null, "All links of ", out(host), ", those that work too")),
    sum, preview, h("p", { class: "wrong bad", role: "alert" }), h("p", null, button("Decide on all of these", go, { class: "main" })));
  look();
  to.focus();
}

// ------------------------------------------------------------------------------------------ views

const VIEWS = { cause: "By cause", host: "By host", article: "By article", owner: "By owner", each: "One by one" };
const SORTS = { urgent: "Most urgent", count: "Most links", newest: "Newest", name: "Name" };
const FILTERS = {
  attention: ["Need attention", (one) => one.verdict === "dead" || one.verdict === "broken" || one.verdict === "invalid"],
  new: ["New broken", (one) => one.change === "new-broken"],
  confirmed: ["Confirmed dead", (one) => one.change === "confirmed-dead"],
  recovered: ["Recovered", (one) => one.change === "recovered"],
  dead: ["Still dead", (one) => one.verdict === "dead" && one.change !== "confirmed-dead"],
  unsure: ["Not sure", (one) => one.verdict === "unverifiable"],
  images: ["Images", (one) => one.images.length > 0],
  fresh: ["Freshness", (one) => one.kind === "metadata"],
  moved: ["Moved", (one) => one.verdict === "moved" || (one.verdict === "alive" && Boolean(one.suggestion))],
  amp: ["AMP pages", (one) => one.kind === "amp"],
  identity: ["Addresses and publishers", (one) => one.kind === "identity"],
  certificate: ["Certificates that end", (one) => one.kind === "certificate"],
  file: ["Problems in files", (one) => one.kind === "file"],
  excluded: ["Left out", (one) => one.verdict === "excluded"],
  unchecked: ["Not visited yet", (one) => one.verdict === "unchecked"],
  decided: ["Decided", isDecided],
  all: ["Everything", () => true],
};
const START = { v: "cause", f: "attention", q: "", s: "urgent", fold: "1" };
let state = { ...START };
let rows = [], active = 0, shownLinks = 0, pass = 0;
const open = new Set(), selected = new Set();

function lower(one) {
  if (!one.low) {
    const files = [...articlesOf(one)];
    one.low = [one.url, one.reason, one.cause[1], one.suggestion, one.at, ...files.map((file) => head.files[file]), ...files.map(title)].join("\n").toLowerCase();
  }
  return one.low;
}
/** The test of a search: words that must all be there; `host:`, `reason:`, `path:`, `owner:` and `is:` look in one field. */
function search(text) {
  const tests = text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => {
    const [, name, value] = /^(host|reason|path|owner|is):(.*)$/.exec(word) || [];
    switch (name) {
      case "host": return (one) => one.host === value || (one.parent !== null && groupHost(one) === value);
      case "reason": return (one) => one.cause[0] === value || one.reason === value;
      case "path": return (one) => [...articlesOf(one)].some((file) => head.files[file].toLowerCase().includes(value));
      case "owner": return (one) => one.owners.some((name) => name.toLowerCase() === value);
      case "is": return (one) => one.verdict === value || one.change === value || (value === "undecided" && !isDecided(one)) || (value === "written" && store.written.has(one.key));
      default: return (one) => lower(one).includes(word);
    }
  });
  return (one) => tests.every((test) => test(one));
}
/** The host under which an item is shown: an AMP page and its copy in a cache belong to their article's. */
function groupHost(one) {
  if (one.shownHost === undefined) {
    let top = one;
    for (let steps = 0; top.parent && steps < 3; steps++) top = top.parent;
    one.shownHost = top.host;
  }
  return one.shownHost;
}
const imageCauses = {};
function causeOf(one) {
  if (!one.note && one.images.length && (state.f === "images" || !(RANK[one.verdict] < 4))) {
    const [{ reason }] = one.images;
    return (imageCauses[reason] ||= [reason, ...words(reason), 0]);
  }
  return one.cause;
}
const CHANGES_FIRST = { "new-broken": 0, "confirmed-dead": 1, "reason-changed": 2, still: 3, recovered: 3, "": 3 };
function urgency(one, other) {
  return other.priority - one.priority || CHANGES_FIRST[one.change] - CHANGES_FIRST[other.change] || (RANK[one.verdict] ?? 4) - (RANK[other.verdict] ?? 4) || (LEVELS[one.level] ?? one.level ?? 3) - (LEVELS[other.level] ?? other.level ?? 3)
    || other.places.length - one.places.length || other.related - one.related || one.n - other.n;
}
const ORDERS = {
  urgent: urgency,
  count: (one, other) => other.places.length + other.related - one.places.length - one.related || urgency(one, other),
  newest: (one, other) => other.since - one.since || urgency(one, other),
  name: (one, other) => compare(one.url, other.url) || one.n - other.n,
};
/** A row for many items. What only a drawn row tells is counted when it is drawn. */
function group(key, heading, sub, found, facts) {
  let all, counts;
  let size = 0, newly = 0, confirmed = 0;
  const tell = ({ change }) => { if (change === "new-broken") newly++; else if (change === "confirmed-dead") confirmed++; };
  for (const one of found) {
    size += 1 + one.folded.length;
    tell(one);
    one.folded.forEach(tell);
  }
  return {
    id: key, group: true, heading, sub, found, size, newly, confirmed, ...facts,
    get all() { return (all ||= size === found.length ? found : found.flatMap((one) => [one, ...one.folded])); },
    get counts() { return (counts ||= count(this.all)); },
  };
}
function count(all) {
  const files = new Set();
  let own = 0, others = 0;
  for (const one of all) {
    own += one.places.length / 3;
    others += one.related;
    for (let n = 0; n < one.places.length; n += 3) files.add(one.places[n]);
  }
  return { own, related: others, articles: files.size };
}
/** All items in an order, sorted once: what is filtered out of them stays in order. */
const sorted = {};
const inOrder = () => (sorted[state.s] ||= [...items].sort(ORDERS[state.s]));
/** Items in groups, by what `keys` says of each: [key, heading, line below it, facts]. */
function grouped(found, keys) {
  const groups = new Map();
  for (const one of found) for (const [key, heading, sub, facts] of keys(one)) {
    const before = groups.get(key);
    if (before) before.found.push(one);
    else groups.set(key, { heading, sub, facts, found: [one] });
  }
  const made = [...groups].map(([key, one]) => group(key, one.heading, one.sub, one.found, one.facts));
  const first = ORDERS[state.s];
  const orders = {
    urgent: (one, other) => other.found[0].priority - one.found[0].priority || other.newly - one.newly || other.confirmed - one.confirmed || other.size - one.size || compare(one.id, other.id),
    count: (one, other) => other.size - one.size || compare(one.id, other.id),
    newest: (one, other) => first(one.found[0], other.found[0]),
    name: (one, other) => compare(one.heading, other.heading) || compare(one.sub, other.sub),
  };
  return made.sort(orders[state.s]);
}
const causeKeys = new Map();
/** The same list for all items of one cause at one host: tens of thousands ask at each key that is typed. */
function byCause(one) {
  const cause = causeOf(one), host = groupHost(one);
  let hosts = causeKeys.get(cause);
  if (!hosts) causeKeys.set(cause, (hosts = new Map()));
  let made = hosts.get(host);
  if (!made) hosts.set(host, (made = [[`c ${cause[0]} ${host}`, cause[1], host, { cause, host, whole: Boolean(cause[3]) }]]));
  return made;
}
/** What a list shows of items: those that share the cause of a whole host are one row. */
function leaves(found) {
  if (state.fold !== "1") return found;
  const rest = [], whole = new Map();
  for (const one of found) {
    if (!causeOf(one)[3]) { rest.push(one); continue; }
    const [[key, heading, sub, facts]] = byCause(one);
    const before = whole.get(key);
    if (before) before.found.push(one);
    else { const made = { key, heading, sub, facts, found: [one] }; whole.set(key, made); rest.push(made); }
  }
  return rest.map((one) => (one.facts ? (one.found.length > 1 ? group(one.key, one.heading, one.sub, one.found, one.facts) : one.found[0]) : one));
}
let endOf;
/** When the certificate of a host ends, in minutes; 0 where that is not known. */
const endsAt = (host) => (endOf ||= new Map(head.hosts.map((name, n) => [name, head.ends[n] || 0]))).get(host) || 0;
const certificateWords = (host) => (endsAt(host) ? `certificate ends on ${day(endsAt(host))}` : "");
const KEYS = {
  cause: byCause,
  host: (one) => [["h " + groupHost(one), groupHost(one) || "(no host)", certificateWords(groupHost(one)), {}]],
  article: (one) => [...articlesOf(one)].map((file) => ["a " + file, title(file) || head.files[file], head.files[file], { file }]),
  owner: (one) => (one.owners.length ? one.owners : ["(nobody)"]).map((name) => ["o " + name, name, "", {}]),
};
/** Make the rows of the list from the state: filter, fold, group, sort. */
function makeRows() {
  const passes = FILTERS[state.f][1], matches = search(state.q);
  const found = inOrder().filter((one) => passes(one) && matches(one));
  shownLinks = found.length;
  pass++;
  for (const one of found) { one.folded = NONE; one.pass = pass; }
  const tops = [];
  for (const one of found) {
    let top = one;
    for (let steps = 0; top.parent && steps < 3; steps++) if (top.parent.pass === pass) top = top.parent; else break;
    if (top === one || state.v === "article") tops.push(one);
    else if (top.folded === NONE) top.folded = [one];
    else top.folded.push(one);
  }
  const marked = rows[active] && rows[active].id;
  rows = [];
  const add = (one, level) => {
    rows.push({ one, level, id: one.group ? one.id : (level > 1 ? level + "." : "") + one.n });
    if (one.group && !one.whole && open.has(one.id)) (state.v === "article" ? one.found : one.cause ? one.found : leaves(one.found)).forEach((inner) => add(inner, level + 1));
  };
  // A cause with one link is that link.
  const alone = (one) => (state.v === "cause" && one.found.length === 1 ? one.found[0] : one);
  for (const one of state.v === "each" ? leaves(tops) : grouped(tops, KEYS[state.v]).map(alone)) add(one, 1);
  // The mark stays on its row, wherever that is now; where it has gone, on the one that follows.
  const stays = rows.findIndex((row) => row.id === marked);
  active = stays >= 0 ? stays : Math.min(active, Math.max(rows.length - 1, 0));
}
const targetsOf = (row) => (row ? (row.one.group ? row.one.all : [row.one]) : []);
function chosen() {
  if (selected.size) return items.filter((one) => selected.has(one.key));
  return targetsOf(rows[active]);
}

// --------------------------------------------------------------------------------- the virtual list

const OVERSCAN = 14;
let height = 56, drawn = new Map(), printing = false;

function badge(one) {
  const fresh = CHANGE_WORDS[one.change];
  const tone = { dead: "bad", broken: "bad", invalid: "warn", error: "bad", warning: "warn", alive: "good", moved: "good" };
  const verdict = one.note ? one.level : one.images.length && !(RANK[one.verdict] < 4) ? one.images[0].level : one.verdict;
  return [h("span", { class: "badge " + (tone[verdict] || "quiet") }, verdict), fresh && h("span", { class: "badge " + (one.change === "recovered" ? "good" : "bad") }, fresh)];
}
function decisionWords(found) {
  const made = found.map((one) => decisions.get(one.key)).filter(Boolean);
  const done = found.map((one) => !decisions.has(one.key) && store.written.get(one.key)).filter(Boolean);
  if (!made.length && !done.length) return "";
  if (found.length > 1) return [made.length && `${number(made.length)} of ${number(found.length)} decided`, done.length && `${number(done.length)} written`].filter(Boolean).join(", ");
  if (done.length) return "Written: " + (VERBS[done[0].decision] || done[0].decision);
  const [row] = made;
  return row.decision === "replace" ? "→ " + shown(row.new_value, 80) : VERBS[row.decision] + (row.until ? " " + row.until : "");
}
function placeWords(one) {
  if (!one.places.length) return one.note ? "" : `in ${counted(one.related, "related place")}`;
  const [file, line] = one.places;
  const more = one.places.length / 3 - 1;
  return `${shown(head.files[file], 120)}${line > 0 ? ":" + line : ""}${more > 0 ? ` and ${number(more)} more` : ""}${one.related ? `, ${number(one.related)} related` : ""}`;
}
function drawRow(index) {
  const { one, level } = rows[index];
  const targets = targetsOf(rows[index]);
  const isChosen = targets.length > 0 && targets.every((each) => selected.has(each.key));
  const name = one.group ? one.heading : nameOf(one);
  const box = h("input", { type: "checkbox", tabindex: -1, checked: isChosen, "aria-label": `Select ${shown(name, 80)}` });
  const isOpen = one.group && open.has(one.id);
  let cells;
  if (one.group) {
    cells = [
      h("div", { role: "gridcell", class: "state" }, h("span", { class: "fold", "aria-hidden": "true" }, one.whole ? "●" : isOpen ? "▾" : "▸"), h("strong", null, number(one.size)), one.newly ? h("span", { class: "badge bad" }, `${number(one.newly)} new`) : null, one.confirmed ? h("span", { class: "badge bad" }, `${number(one.confirmed)} newly dead`) : null),
      h("div", { role: "gridcell", class: "what" }, h("span", { class: "line strong" }, out(one.heading, 200)), h("span", { class: "line quiet" }, one.whole ? [out(one.sub, 80), " · one cause for the whole site: ", one.cause[2]] : one.cause ? [out(one.sub, 120), " · ", one.cause[2]] : out(one.sub, 200))),
      h("div", { role: "gridcell", class: "where" }, h("span", { class: "line" }, `${counted(one.size, one.found[0].note ? "row" : "link")}, ${counted(one.counts.articles, "article")}`), h("span", { class: "line quiet" }, `${number(one.counts.own)} own, ${number(one.counts.related)} related`)),
    ];
  } else {
    const found = one.note ? one.cause[1] : causeOf(one)[1];
    const forms = one.folded && one.folded.length ? ` · with ${one.folded.length === 1 ? "its AMP form" : counted(one.folded.length, "AMP form")}` : "";
    const more = one.images.length > 1 ? ` · ${number(new Set(one.images.map((each) => each.reason)).size)} findings` : "";
    const line = one.note ? (one.actual ? [out(one.declared || one.url || "—", 80), " → ", out(one.actual, 120)] : out(one.url || one.explanation || "", 160)) : [found, forms, more, one.suggestion && [" · suggested: ", out(one.suggestion, 120)]];
    cells = [
      h("div", { role: "gridcell", class: "state" }, badge(one)),
      h("div", { role: "gridcell", class: "what" }, h("span", { class: "line strong" }, one.note ? [found, " · ", out(name, 120)] : out(name || "(empty)", 300)), h("span", { class: "line quiet" }, line)),
      h("div", { role: "gridcell", class: "where" }, h("span", { class: "line" }, out(placeWords(one))), h("span", { class: "line quiet" }, one.since ? "since " + day(one.since) : "")),
    ];
  }
  const said = decisionWords(targets);
  const node = h("div", {
    role: "row", id: "row-" + index, class: `row ${one.group ? "group" : "item"} level-${level}${index === active ? " active" : ""}${isChosen ? " chosen" : ""}${one.whole ? " whole" : ""}`,
    "aria-rowindex": index + 2, "aria-level": level, "aria-selected": String(isChosen), "aria-expanded": one.group && !one.whole ? String(isOpen) : null,
  }, h("div", { role: "gridcell", class: "pick" }, box), ...cells,
  h("div", { role: "gridcell", class: "decided" }, said ? h("span", { class: "mark" }, said) : h("span", { class: "quiet" }, canAcceptAny(targets) ? "suggestion" : "")));
  node.style.transform = `translateY(${index * height}px)`;
  node.addEventListener("click", (event) => {
    if (event.target === box) { select(index, box.checked); return; }
    if (event.target.closest(".pick")) { select(index, !isChosen); return; }
    move(index, false);
    $("list").focus({ preventScroll: true });
    enter();
  });
  return node;
}
const canAcceptAny = (targets) => targets.some(canAccept);

function draw(all) {
  const body = $("rows");
  if (all) { body.replaceChildren(); drawn = new Map(); }
  if (printing) return;
  if (!rows.length) {
    if (all) body.replaceChildren(h("div", { role: "row", class: "row none" }, h("div", { role: "gridcell" }, state.q ? "Nothing matches the search." : "Nothing here. Choose another list above.")));
    return;
  }
  const top = body.getBoundingClientRect().top;
  const from = Math.max(0, Math.floor(-top / height) - OVERSCAN);
  const to = Math.min(rows.length, Math.ceil((innerHeight - top) / height) + OVERSCAN);
  for (const [index, node] of drawn) if ((index < from || index >= to) && index !== active) { node.remove(); drawn.delete(index); }
  const add = [];
  const want = (index) => { if (!drawn.has(index)) { const node = drawRow(index); drawn.set(index, node); add.push(node); } };
  if (active < from || active >= to) want(active);
  for (let index = from; index < to; index++) want(index);
  body.append(...add);
}
function layout() {
  height = matchMedia("(max-width: 46rem)").matches ? 124 : 56;
  $("rows").style.height = Math.max(rows.length, 1) * height + "px";
}
function showActive() {
  const list = $("list");
  if (rows.length) list.setAttribute("aria-activedescendant", "row-" + active);
  else list.removeAttribute("aria-activedescendant");
}
function redraw(index) {
  const old = drawn.get(index);
  if (!old || !rows[index]) return;
  const node = drawRow(index);
  old.replaceWith(node);
  drawn.set(index, node);
}
function move(index, scroll = true) {
  const before = active;
  active = Math.max(0, Math.min(rows.length - 1, index));
  draw();
  redraw(before);
  redraw(active);
  showActive();
  if (scroll) {
    const top = $("rows").getBoundingClientRect().top + active * height;
    const bar = $("bar").getBoundingClientRect().height + 8;
    const below = innerHeight - height - ($("chosen").hidden ? 8 : 72);
    if (top < bar) scrollBy(0, top - bar);
    else if (top > below) scrollBy(0, top - below);
  }
}
function select(index, on) {
  const targets = targetsOf(rows[index]);
  for (const one of targets) on ? selected.add(one.key) : selected.delete(one.key);
  say(`${on ? "Selected" : "No longer selected"}: ${counted(targets.length, "row")}; ${number(selected.size)} selected in all.`);
  move(index, false);
  draw(true);
  showChosen();
}
function enter() {
  const row = rows[active];
  if (!row) return;
  if (row.one.group && !row.one.whole) unfold(!open.has(row.one.id));
  else show(row.one);
}
function unfold(on) {
  const { one } = rows[active];
  if (!one.group || one.whole || open.has(one.id) === on) return;
  on ? open.add(one.id) : open.delete(one.id);
  makeRows();
  layout();
  draw(true);
  showActive();
  say(on ? `Opened: ${counted(one.found.length, "row")}.` : "Closed.");
}

/** Draw everything again that follows from decisions, filter, view and sort. */
function refresh() {
  if (!$("list")) return;
  makeRows();
  layout();
  draw(true);
  showActive();
  showChosen();
  markHeld();
  markDecided();
  const unit = state.v === "each" ? "" : ` in ${counted(rows.filter((row) => row.level === 1).length, "row")}`;
  const noun = items === links || FILTERS[state.f][2] ? "row" : isOfLinks() ? "link" : "row";
  $("sum").textContent = `${counted(shownLinks, noun)}${unit}${state.v === "each" && rows.length !== shownLinks ? ` in ${counted(rows.length, "row")}` : ""}`;
  $("list").setAttribute("aria-rowcount", String(rows.length + 1));
  $("made").textContent = `Decisions (${number(decisions.size)})`;
  for (const node of document.querySelectorAll("[data-filter]")) node.setAttribute("aria-pressed", String(node.dataset.filter === state.f));
  for (const node of document.querySelectorAll("[data-view]")) node.setAttribute("aria-pressed", String(node.dataset.view === state.v));
}
const isOfLinks = () => !["fresh", "amp", "identity", "certificate", "file", "decided", "all"].includes(state.f);
function showChosen() {
  const bar = $("chosen");
  bar.hidden = !selected.size;
  $("chosen-sum").textContent = `${number(selected.size)} selected`;
  const targets = selected.size ? chosen() : [];
  for (const node of bar.querySelectorAll("[data-verb]")) node.hidden = !targets.some((one) => (node.dataset.verb === "pattern" ? !one.note : allows(one, node.dataset.verb)));
}

// ------------------------------------------------------------------------------------- URL and bar

function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  state = { ...START };
  for (const name of Object.keys(START)) if (given.has(name)) state[name] = given.get(name);
  if (!Object.hasOwn(VIEWS, state.v)) state.v = START.v;
  if (!Object.hasOwn(FILTERS, state.f)) state.f = START.f;
  if (!Object.hasOwn(SORTS, state.s)) state.s = START.s;
}
function set(changes) {
  state = { ...state, ...changes };
  const kept = Object.entries(state).filter(([name, value]) => value !== START[name]);
  history.replaceState(null, "", "#" + new URLSearchParams(kept));
  active = 0;
  rows = [];
  showBar();
  refresh();
}
function showBar() {
  if ($("search").value !== state.q) $("search").value = state.q;
  $("filter").value = state.f;
  $("sort").value = state.s;
}
function line(values, tone) {
  if (values.length < 2) return null;
  const most = Math.max(1, ...values), step = 100 / (values.length - 1);
  const points = values.map((value, n) => `${(n * step).toFixed(1)},${(22 - (20 * value) / most).toFixed(1)}`).join(" ");
  return svg("svg", { viewBox: "0 0 100 24", class: "trend " + tone, preserveAspectRatio: "none", "aria-hidden": "true" }, svg("polyline", { points, "vector-effect": "non-scaling-stroke" }));
}
function tiles() {
  const trend = (column) => head.history.map((row) => row[column]);
  const facts = [
    ["new", "New broken", "failed in this run for the first time", "bad", trend(2)], ["confirmed", "Confirmed dead", "this run confirmed as gone", "bad", trend(3)],
    ["recovered", "Recovered", "work again", "good", trend(4)], ["dead", "Still dead", "were dead before this run", "bad", trend(6)],
    ["unsure", "Not sure", "not the same as broken", "quiet", trend(7)], ["images", "Images", "with something to mend", "warn", []],
    ["fresh", "Freshness", "differences to the pages", "warn", []],
  ];
  return h("ul", { class: "tiles", "aria-label": "Summary" }, facts.map(([name, label, below, tone, values]) => {
    const amount = items.filter(FILTERS[name][1]).length;
    const last = values.length - 1;
    const past = last < 1 ? "" : name === "dead" ? ` In all ${number(values[last])}, before ${number(values[last - 1])}.` : ` Before: ${number(values[last - 1])}.`;
    return h("li", null, h("button", { type: "button", class: "tile", "data-filter": name, "aria-pressed": "false", title: values.length > 1 ? "Over the last runs: " + values.join(", ") : null, onclick: () => { set({ f: name, fold: "1" }); say(`${label}: ${$("sum").textContent}.`); } },
      h("b", { class: amount ? tone : "" }, number(amount)), h("span", { class: "name" }, label), h("span", { class: "quiet small" }, below + "." + past), line(values, tone)));
  }));
}
/** What the guard on mass change holds back: each group with its size, its list, what was decided of it, and its command. */
function held() {
  if (!head.held.length) return null;
  const how = store.isServer ? "Write carries that out" : "The command does that too, and so does apply with the decisions that you export";
  return h("section", { class: "notice", id: "held", "aria-labelledby": "held-title" }, h("h2", { id: "held-title" }, "Held back"),
    h("p", null, `So much changed at once that it was not written into the articles. Look whether it is true, then accept it. ${how}; the next audit writes it.`),
    pages(head.held.length, (n) => {
      const [told, history, command, query, , , why] = head.held[n];
      return h("li", null, h("strong", null, out(told, 300)), ". ", out(history, 300), " ", out(why, 300), " ",
        h("span", { class: "decide", "data-held": n }, heldDecision(n)), " ",
        button("List them", () => { set({ v: "each", f: "all", fold: "0", q: query }); $("list").focus(); say(`Held back: ${$("sum").textContent}.`); }, { class: "small", "aria-label": `List them: ${shown(told, 200)}` }), " ",
        h("code", null, out(command, 400)), " ", copier(command, "the command"));
    }, 5));
}
/** What is decided of a group that is held back, with what can be done about it. */
function heldDecision(n) {
  const [told, , , , url, reason] = head.held[n];
  const row = { kind: "held", reason, url, actual: told, decision: "accept" };
  if (!url) delete row.url;
  const key = keyOf(row), made = decisions.get(key);
  const press = (words, after, done, main) => button(words, () => decide([{ key }], () => after, done), { class: main ? "small main" : "small", "aria-label": `${words}: ${shown(told, 200)}` });
  const accept = (words) => press(words, row, "Accept", true);
  if (!made) return store.written.has(key) ? h("span", { class: "mark" }, "Accepted") : accept("Accept");
  const isOther = made.decision !== "accept" || (made.actual && made.actual !== told);
  return [h("span", { class: "mark" }, VERBS[made.decision], isOther && made.actual ? [": ", out(made.actual, 300)] : ""), " ", isOther ? [accept("Accept as it is now"), " "] : "", press("Take back", null, "Taken back", false)];
}
/** Tell the decisions on what is held back anew; the focus stays on what was pressed. */
function markHeld() {
  for (const node of document.querySelectorAll("[data-held]")) {
    const had = node.contains(document.activeElement);
    node.replaceChildren();
    put(node, null, [heldDecision(Number(node.dataset.held))]);
    const next = node.querySelector("button");
    if (had && next) next.focus({ preventScroll: true });
  }
}
function verdictBar() {
  const order = ["alive", "moved", "unverifiable", "excluded", "unchecked", "broken", "invalid", "dead"].filter((kind) => head.summary.by_verdict[kind]);
  const total = order.reduce((sum, kind) => sum + head.summary.by_verdict[kind], 0);
  let before = 0;
  const pieces = order.map((kind) => { const share = (100 * head.summary.by_verdict[kind]) / total; const made = svg("rect", { class: kind, x: before + "%", width: share + "%", height: "100%" }); before += share; return made; });
  return total ? [svg("svg", { class: "bar", "aria-hidden": "true" }, pieces), h("ul", { class: "legend", "aria-label": "Links by verdict" }, order.map((kind) => h("li", null, svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, svg("circle", { class: kind, cx: 5, cy: 5, r: 5 })), h("strong", null, number(head.summary.by_verdict[kind])), " " + kind)))] : null;
}
const ACTIONS = [["accept", "Accept suggestion", "a"], ["replace", "Replace …", "r"], ["drop", "Drop", "d"], ["not-broken", "Not broken …", "n"], ["ignore", "Ignore until …", "i"], ["seen", "Seen", ""], ["keep", "Keep", ""]];
function actions(targets) {
  const able = ACTIONS.filter(([verb]) => targets.some((one) => allows(one, verb)));
  const links = targets.filter((one) => !one.note);
  return h("div", { class: "actions", role: "group", "aria-label": "Decide" }, able.map(([verb, label]) => button(label, () => act(verb, targets), { "data-verb": verb })),
    links.length ? button("By pattern …", () => askPattern(links), { "data-verb": "pattern" }) : null,
    targets.some((one) => decisions.has(one.key)) && button("Take back", () => decide(targets, (one) => (decisions.has(one.key) ? null : undefined), "Taken back"), { "data-verb": "none" }));
}

function build() {
  const views = Object.entries(VIEWS).filter(([name]) => name !== "owner" || head.owners.length > 1);
  const search = h("input", { type: "search", id: "search", "aria-label": "Search", placeholder: "Search: words, host:, path:, is:", oninput: () => set({ q: search.value }) });
  const options = (table) => Object.entries(table).map(([name, words]) => h("option", { value: name }, Array.isArray(words) ? words[0] : words));
  $("page").append(
    h("section", { "aria-label": "Overview", class: "overview" }, verdictBar(), tiles(), head.confirmed_from ? h("p", { class: "quiet small" }, `Broken links are confirmed by further runs, the first at the earliest on ${day(Date.parse(head.confirmed_from) / 60000)}.`) : null,
      head.related_dead ? h("p", { class: "quiet small" }, `Related articles hold ${counted(head.related_dead, "reference")} to dead, broken or invalid links as well.`) : null, held()),
    h("div", { id: "bar", class: "toolbar", role: "group", "aria-label": "List" },
      h("div", { class: "views", role: "group", "aria-label": "View" }, views.map(([name, words]) => button(words, () => { open.clear(); set({ v: name, fold: "1" }); say(`${words}: ${$("sum").textContent}.`); }, { "data-view": name, "aria-pressed": "false" }))),
      search,
      h("select", { id: "filter", "aria-label": "Show", onchange: (event) => set({ f: event.target.value }) }, options(FILTERS)),
      h("select", { id: "sort", "aria-label": "Sort by", onchange: (event) => set({ s: event.target.value }) }, options(SORTS)),
      h("span", { id: "sum", class: "sum" }),
      button("CSV of this list", viewCsv, { id: "view-csv" }), button("Decisions (0)", showDecisions, { id: "made" }), button("?", showHelp, { "aria-label": "Keys and help", id: "help" })),
    h("div", { id: "list", role: "treegrid", tabindex: 0, "aria-label": "Findings", "aria-multiselectable": "true" },
      h("div", { role: "rowgroup", class: "heads" }, h("div", { role: "row", "aria-rowindex": 1, class: "row head" }, ["Select", "State", "What", "Where", "Decision"].map((words, n) => h("div", { role: "columnheader", class: ["pick", "state", "what", "where", "decided"][n] }, n ? words : h("span", { class: "hidden" }, words))))),
      h("div", { role: "rowgroup", id: "rows" })),
    h("div", { id: "chosen", role: "group", "aria-label": "Selection", hidden: true }, h("strong", { id: "chosen-sum" }),
      ACTIONS.map(([verb, label]) => button(label, () => act(verb, chosen()), { "data-verb": verb })),
      button("By pattern …", () => { const some = chosen().filter((one) => !one.note); if (some.length) askPattern(some); }, { "data-verb": "pattern" }),
      button("Select none", () => { selected.clear(); refresh(); say("Nothing is selected."); })),
  );
  document.body.append(h("p", { id: "said", role: "status", "aria-live": "polite", class: "hidden" }));
}

// ------------------------------------------------------------------------------------------ drawer

let shownItem = null;
function place(file, row, pointer) {
  const path = head.files[file], line = row > 0 ? row : 0;
  const words = out(line ? `${path}:${line}` : path, 300);
  let to = null;
  if (head.link_pattern) {
    const encoded = path.split("/").map((part) => { try { return encodeURIComponent(part); } catch { return ""; } }).join("/");
    to = head.link_pattern.replaceAll("{path}", () => encoded).replaceAll("{line}", String(line || 1));
    if (!/^(https?|vscode|vscode-insiders|vscodium|cursor|idea|zed|txmt|subl):\/\//i.test(to)) to = null;
  }
  return h("li", null, title(file) ? [out(title(file), 200), " "] : null, h("span", { class: "place" }, to ? h("a", { href: to, rel: "noreferrer noopener", target: "_blank" }, words) : words, pointer >= 0 ? [" ", h("code", null, out(head.pointers[pointer][0], 120))] : null));
}
/** A list of `total` lines, so many at a time; `at` remembers from which on. */
function pages(total, make, size = 50, at = { from: 0 }) {
  const list = h("ul", { class: "places" });
  const foot = h("p", { class: "quiet small" });
  const go = (from) => {
    at.from = from;
    list.replaceChildren(...Array.from({ length: Math.min(size, total - from) }, (_, n) => make(from + n)));
    foot.replaceChildren(...(total > size ? [`${number(from + 1)} to ${number(Math.min(from + size, total))} of ${number(total)} `, button("Earlier", () => go(Math.max(0, from - size)), { disabled: from === 0 }), " ", button("Later", () => go(from + size), { disabled: from + size >= total })] : []));
  };
  go(at.from < total ? at.from : 0);
  return [list, foot];
}
/** Two texts side by side, the words that only one of them has marked. */
function marked(before, after) {
  const split = (text) => shown(text, 3000).split(/(\s+)/).filter(Boolean).slice(0, 800);
  const [one, other] = [split(before), split(after)];
  const width = other.length + 1;
  const best = new Uint16Array((one.length + 1) * width);
  for (let a = one.length - 1; a >= 0; a--) for (let b = other.length - 1; b >= 0; b--) best[a * width + b] = one[a] === other[b] ? best[(a + 1) * width + b + 1] + 1 : Math.max(best[(a + 1) * width + b], best[a * width + b + 1]);
  const left = [], right = [];
  let a = 0, b = 0;
  while (a < one.length || b < other.length) {
    if (a < one.length && b < other.length && one[a] === other[b]) { left.push([one[a++], false]); right.push([other[b++], false]); }
    else if (b >= other.length || (a < one.length && best[(a + 1) * width + b] >= best[a * width + b + 1])) left.push([one[a++], true]);
    else right.push([other[b++], true]);
  }
  const join = (pieces, tag) => {
    const made = h("bdi");
    for (let n = 0; n < pieces.length;) {
      let end = n;
      while (end < pieces.length && pieces[end][1] === pieces[n][1]) end++;
      const text = pieces.slice(n, end).map(([word]) => word).join("");
      made.append(pieces[n][1] && text.trim() ? h(tag, null, text) : text);
      n = end;
    }
    return made;
  };
  return [join(left, "del"), join(right, "ins")];
}
function sideBySide(label, before, after) {
  const [left, right] = before && after ? marked(before, after) : [before ? out(before) : "—", after ? out(after) : "—"];
  return h("tr", null, h("th", { scope: "row" }, label), h("td", null, left), h("td", null, right));
}
function sides(text) {
  const found = /^(\d{1,6})[x×](\d{1,6})$/.exec(text || "");
  return found ? [Number(found[1]), Number(found[2])] : null;
}
/** Declared and actual shape of an image, drawn to one scale. */
function shapes(declared, actual) {
  const named = [["declared", declared], ["actual", actual]].filter(([, size]) => size && size[0] && size[1]);
  if (!named.length) return null;
  const scale = 150 / Math.max(...named.flatMap(([, size]) => size));
  const words = named.map(([name, size]) => `${name} ${size[0]} by ${size[1]}`).join(", ");
  let x = 1;
  const drawnShapes = named.map(([name, size]) => {
    const [width, tall] = [Math.max(2, size[0] * scale), Math.max(2, size[1] * scale)];
    const made = [svg("rect", { x, y: 1, width, height: tall, class: "shape " + name }), svg("text", { x, y: tall + 14 }, `${name} ${size[0]}×${size[1]}`)];
    x += Math.max(width, 120) + 12;
    return made;
  });
  return svg("svg", { class: "shapes", viewBox: `0 0 ${x} 170`, width: x, height: 170, role: "img", "aria-label": words }, drawnShapes);
}
function fact(name, value) {
  return value ? [h("dt", null, name), h("dd", null, value)] : [];
}
const part = (heading, ...inside) => (inside.flat().some(Boolean) ? h("section", null, h("h3", null, heading), ...inside) : null);

function chain(hops, url, final, text) {
  if (!hops) return null;
  return h("ol", { class: "chain" }, hops.map(([to, status]) => h("li", null, h("span", { class: "badge quiet" }, String(status)), " ", link(text(to)))), h("li", null, link(final || url)));
}
/** A score, and the product that it is (rules Q1 to Q5). */
function priorityWords(one, told) {
  if (!one.priority) return null;
  const why = told || "that of its article, by how bad the finding is";
  return [h("strong", null, number(one.priority)), h("span", { class: "quiet" }, told ? " = " : ": ", out(why, 1000))];
}
async function linkParts(one) {
  const { details, places, text } = await later;
  const row = details[one.n] || [];
  const [explanation, rule, final, hops, visits, page, image, decision, warnings, strikes, failing, checked, due, declared, told] = row;
  const cause = causeOf(one);
  const own = one.places.length / 3;
  const others = places(one);
  const said = declared || [], facts = page || [], pixels = image || [];
  const thumbs = head.thumbnails.filter(([, url]) => url === one.url || one.images.some((found) => found.url === url || found.suggestion === url));
  const seenThumbs = new Set();
  return [
    part("Why", h("p", null, words(one.reason)[0], " ", h("code", null, out(one.reason))), explanation ? h("p", null, out(text(explanation), 4000)) : null, h("p", null, h("strong", null, "What to do: "), cause[2]),
      (warnings || []).map((code) => h("p", { class: "small" }, words(code)[0], " ", h("code", null, out(code))))),
    one.suggestion || hasImageOffer(one) ? part("Suggested", one.suggestion ? h("p", null, link(one.suggestion), " ", copier(one.suggestion, "the suggestion")) : null, one.images.filter((found) => found.suggestion).slice(0, 20).map((found) => h("p", null, found.suggestion.includes("/") ? link(found.suggestion) : out(found.suggestion), " ", h("span", { class: "quiet" }, words(found.reason)[0])))) : null,
    part("Facts", h("dl", null, fact("Failing since", time(failing)), fact("In this state since", time(one.since)), fact("Failures that count", strikes ? String(strikes) : ""), fact("Last check", time(checked)), fact("Next check", time(due)), fact("Rule", rule && h("code", null, out(rule))), fact("Last answer", one.status ? String(one.status) : ""), fact("Ends at", final && link(text(final))), fact("Certificate ends on", day(endsAt(one.host))), fact("Owners", one.owners.length ? out(one.owners.join(", ")) : ""), fact("Priority", priorityWords(one, text(told))),
      fact("Left out by an editor", decision && [out(decision[0]), decision[1] ? ` (${decision[1]})` : "", decision[2] ? `, until ${decision[2]}` : ""]))),
    visits ? part("Visits", pages(visits.length, (n) => { const [at, what, way, end, ignored] = visits[visits.length - 1 - n]; return h("li", null, h("strong", null, time(at)), ": ", out(text(what), 1000), ignored ? h("span", { class: "quiet" }, " · did not count: ", words(ignored)[0]) : null, chain(way, one.url, text(end), text)); }, 30)) : hops ? part("The way of the last visit", chain(hops, one.url, text(final), text)) : null,
    one.images.length || image ? part("Image", thumbs.filter(([, url]) => !seenThumbs.has(url) && seenThumbs.add(url)).slice(0, 6).map(([, url, width, tall, jpeg]) => h("img", { class: "thumbnail", src: "data:image/jpeg;base64," + jpeg, width, height: tall, alt: `Thumbnail of ${shown(url, 300)}` })),
      imageTable(one, said, pixels)) : null,
    page && said.length && !said[3] ? part("The article and the page", h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "The article and the page" }, h("table", null, h("thead", null, h("tr", null, h("th", { scope: "col" }, "Field"), h("th", { scope: "col" }, "The article says"), h("th", { scope: "col" }, "The page says"))),
      h("tbody", null, sideBySide("Title", text(said[0]), text(facts[0])), sideBySide("Excerpt", text(said[1]), text(facts[1])), sideBySide("Published", said[2] || "", facts[2] || ""), facts[5] ? sideBySide("Modified", "", facts[5]) : null))),
      h("dl", null, fact("The page is of", facts[6] && out(text(facts[6]), 300)), fact("It calls itself", facts[4] && link(text(facts[4]))), fact("Its AMP page", facts[8] && link(text(facts[8]))), fact("Its image", facts[3] && link(text(facts[3]))), fact("Its language", facts[7] && out(facts[7], 60)))) : null,
    one.forms.length || one.parent ? part("Its other forms", h("ul", { class: "places" }, [one.parent, ...one.forms].filter(Boolean).slice(0, 50).map((form) => h("li", null, badge(form), " ", button(shown(form.url, 200), () => show(form), { class: "link" }))))) : null,
    part(`Stands in ${counted(own, "place")} of your own articles`, own ? pages(own, (n) => place(...one.places.slice(3 * n, 3 * n + 3))) : h("p", { class: "quiet" }, "Only related articles name it.")),
    others.length ? part(`And in ${counted(others.length / 3, "place")} of related articles`, pages(others.length / 3, (n) => place(others[3 * n], others[3 * n + 1], others[3 * n + 2]))) : null,
    notesNear(one),
  ];
}
function imageTable(one, said, pixels) {
  const [first] = one.images.filter((found) => sides(found.declared) || sides(found.actual));
  const [wide, tall, type, bytes, served] = pixels;
  const actual = wide && tall ? [wide, tall] : first ? sides(first.actual) : null;
  const declared = (first && sides(first.declared)) || (said[3] && said[4] ? [said[3], said[4]] : null);
  const byReason = new Map();
  for (const found of one.images) { const key = [found.reason, found.declared, found.actual].join("|"); byReason.has(key) ? byReason.get(key)[1]++ : byReason.set(key, [found, 1]); }
  return [
    h("ul", { class: "places" }, [...byReason.values()].slice(0, 60).map(([found, amount]) => h("li", null, h("span", { class: "badge " + ({ error: "bad", warning: "warn" }[found.level] || "quiet") }, found.level), " ", words(found.reason)[0], " ", h("code", null, out(found.reason)), found.declared || found.actual ? h("span", { class: "quiet" }, " In the file: ", out(found.declared || "—"), "; found: ", out(found.actual || "—"), ".") : null, amount > 1 ? ` (${number(amount)} places)` : "", found.explanation ? [" ", out(found.explanation)] : null))),
    shapes(declared, actual),
    type || bytes ? h("p", { class: "small quiet" }, [type && out(type), served && out(served), bytes && `${number(bytes)} bytes`].filter(Boolean).flatMap((each) => [each, " "])) : null,
  ];
}
function notesNear(one) {
  const files = articlesOf(one);
  const near = notes.filter((each) => files.has(each.file) && each.kind !== "file").slice(0, 20);
  return near.length ? part("Also found in these articles", h("ul", { class: "places" }, near.map((each) => h("li", null, button(each.cause[1], () => show(each), { class: "link" }))))) : null;
}
function noteParts(one) {
  const thumbs = head.thumbnails.filter(([path, url]) => path === head.files[one.file] && (url === one.suggestion || url === one.actual));
  return [
    part("What was found", h("p", null, one.cause[1], " ", h("code", null, out(one.reason))), one.explanation ? h("p", null, out(one.explanation)) : null, h("p", null, h("strong", null, "What to do: "), one.cause[2])),
    one.declared || one.actual ? part("The article and the page", h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "The article and the page" }, h("table", null, h("thead", null, h("tr", null, h("th", { scope: "col" }, "Field"), h("th", { scope: "col" }, "The article says"), h("th", { scope: "col" }, "Found"))), h("tbody", null, sideBySide(shown(one.at || "Page", 80), one.declared, one.actual))))) : null,
    one.suggestion ? part("Suggested", h("p", null, href(one.suggestion) ? link(one.suggestion) : out(one.suggestion), " ", copier(one.suggestion, "the suggestion"))) : null,
    thumbs.length ? h("p", null, thumbs.slice(0, 4).map(([, url, width, tall, jpeg]) => h("img", { class: "thumbnail", src: "data:image/jpeg;base64," + jpeg, width, height: tall, alt: `Thumbnail of ${shown(url, 300)}` }))) : null,
    part("Facts", h("dl", null, fact("Owners", one.owners.length ? out(one.owners.join(", ")) : ""), fact("Priority", priorityWords(one, "")))),
    one.url ? part("Page", h("p", null, link(one.url), " ", copier(one.url, "the address"))) : null,
    one.places.length ? part("Stands in", h("ul", { class: "places" }, place(one.file, one.line, -1))) : null,
  ];
}
function groupParts(one) {
  const own = one.all.filter((each) => !each.note);
  return [
    part("What they share", h("p", null, out(one.heading)), h("p", null, h("strong", null, "What to do: "), one.cause ? one.cause[2] : "")),
    part("Counts", h("p", null, `${counted(one.size, "link")} in ${counted(one.counts.articles, "article")}: ${counted(one.counts.own, "own place")}, ${number(one.counts.related)} related.`), one.host && endsAt(one.host) ? h("p", { class: "quiet" }, `The ${certificateWords(one.host)}.`) : null),
    part("Its links", pages(own.length, (n) => h("li", null, badge(own[n]), " ", button(shown(own[n].url, 200), () => show(own[n]), { class: "link" })), 20),
      h("p", null, button("List them one by one", () => { $("drawer").close(); set({ v: "each", fold: "0", q: `host:${one.host} reason:${one.cause[0]}` }); }))),
  ];
}
/** Open the drawer on an item, or on a group that is one row; `again`: only if it is open. */
async function show(one, again = false) {
  if (again && !(one && $("drawer") && $("drawer").open)) return;
  shownItem = one;
  const name = one.group ? `${one.heading}: ${one.sub}` : nameOf(one);
  const inside = one.group ? groupParts(one) : one.note ? noteParts(one) : await linkParts(one);
  if (shownItem !== one || (again && !($("drawer") && $("drawer").open))) return;
  const targets = one.group ? one.all : [one];
  const made = decisions.get(one.key);
  const top = h("div", { class: "drawer-top" }, one.group ? null : h("p", null, badge(one), " ", one.note ? null : copier(one.url, "the address"), one.note || !href(one.url) ? null : [" ", link(one.url, "Open in a new tab")]),
    made ? h("p", { class: "mark" }, "Decided: ", VERBS[made.decision], made.new_value ? [" → ", out(made.new_value)] : "", made.until ? ` until ${made.until}` : "", made.note ? [" · ", out(made.note)] : "") : null, actions(targets), store.isServer && made ? h("p", null, button("What would it change?", () => showDiff([one.key]))) : null);
  const body = h("div", { class: "drawer-body" }, top, ...inside);
  const box = $("drawer");
  if (box && box.open) {
    box.querySelector("h2").replaceChildren(out(name, 300));
    box.querySelector(".drawer-body").replaceWith(body);
  } else {
    dialog("", { id: "drawer", class: "drawer", closed: () => { shownItem = null; } }, body).querySelector("h2").append(out(name, 300));
  }
}

// --------------------------------------------------------------------------- files out, and in again

const COLUMNS = ["path", "line", "at", "kind", "reason", "url", "declared", "actual", "suggestion", "decision", "new_value", "until", "note"];
const TYPED = new Set(["decision", "new_value", "until", "note"]);
/** A cell that no spreadsheet evaluates, as report.csv has it (crawler/reporting/words/escaping.py). */
function cell(text) {
  let made = String(text).replace(/\\(?=x[0-9a-f]{2}|u[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4}|[tnr])/g, "\\x5c");
  made = shown(made, 32000);
  if (/^'*[=+\-@\t\r\n＝＋－＠]/.test(made)) made = "'" + made;
  return /[",\r\n]/.test(made) ? `"${made.replaceAll('"', '""')}"` : made;
}
const typed = (text) => { const made = /^'*[=+\-@＝＋－＠]/.test(text) ? "'" + text : text; return /[",\r\n]/.test(made) ? `"${made.replaceAll('"', '""')}"` : made; };
function toCsv(columns, table) {
  const lines = [columns.join(","), ...table.map((row) => columns.map((name) => (TYPED.has(name) ? typed : cell)(row[name] ?? "")).join(","))];
  return "\ufeff" + lines.join("\r\n") + "\r\n";
}
/** A double-quoted scalar of YAML, in ASCII. */
function quoted(text) {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/gu, (one) => { const code = one.codePointAt(0); return "\\u" + code.toString(16).padStart(4, "0"); })
    .replace(/[\u{10000}-\u{10ffff}]/gu, (one) => "\\U" + one.codePointAt(0).toString(16).padStart(8, "0"));
}
function toYaml(table) {
  return table.map((row) => COLUMNS.filter((name) => row[name]).map((name, n) => `${n ? "  " : "- "}${name}: ${quoted(row[name])}\n`).join("")).join("") || "[]\n";
}
function save(name, type, text) {
  const to = URL.createObjectURL(new Blob([text], { type }));
  const anchor = h("a", { href: to, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(to), 10000);
  say(`Saved ${name}.`);
}
function viewCsv() {
  const columns = ["kind", "verdict", "reason", "change", "since", "url", "suggestion", "path", "line", "title", "places", "related", "priority", "owners", "decision", "new_value"];
  const seen = new Set(), table = [];
  const source = state.v === "each" ? rows.flatMap((row) => targetsOf(row)) : makeAll();
  for (const one of source) {
    if (seen.has(one)) continue;
    seen.add(one);
    const [file, row] = one.places, made = decisions.get(one.key) || {};
    table.push({ kind: one.note ? one.kind : one.images.length ? "image" : "link", verdict: one.verdict, reason: one.reason, change: one.change, since: one.since ? new Date(one.since * 60000).toISOString().slice(0, 10) : "", url: one.url, suggestion: one.suggestion, path: file === undefined ? "" : head.files[file], line: row > 0 ? row : "", title: file === undefined ? "" : title(file), places: one.places.length / 3, related: one.related, priority: one.priority || "", owners: one.owners.join(" "), decision: made.decision, new_value: made.new_value });
  }
  save("linkhealth-list.csv", "text/csv", toCsv(columns, table));
}
const makeAll = () => rows.filter((row) => row.level === 1).flatMap((row) => targetsOf(row));

function readCsv(text) {
  const table = [];
  const first = text.slice(0, text.search(/\r|\n|$/));
  const mark = ["\t", ";", ","].reduce((best, one) => (first.split(one).length > first.split(best).length ? one : best), ",");
  let row = [], value = "", inside = false;
  for (let n = 0; n < text.length; n++) {
    const one = text[n];
    if (inside) { if (one === '"') { if (text[n + 1] === '"') { value += '"'; n++; } else inside = false; } else value += one; }
    else if (one === '"' && !value) inside = true;
    else if (one === mark) { row.push(value); value = ""; }
    else if (one === "\n" || one === "\r") { if (one === "\r" && text[n + 1] === "\n") n++; row.push(value); table.push(row); row = []; value = ""; }
    else value += one;
  }
  if (value || row.length) { row.push(value); table.push(row); }
  const names = (table.shift() || []).map((name) => name.trim().toLowerCase());
  if (!names.includes("decision")) throw new Error("its first row has no column `decision`");
  const plain = (name, given) => {
    const bare = given.startsWith("'") && /^'*[=+\-@\t\r\n＝＋－＠]/.test(given) ? given.slice(1) : given;
    if (TYPED.has(name)) return bare;
    return bare.replace(/\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4}|[tnr])/g, (escape) => {
      const made = { "\\t": "\t", "\\n": "\n", "\\r": "\r" }[escape] || String.fromCodePoint(parseInt(escape.slice(2), 16));
      return made === "\\" || shown(made) !== made ? made : escape;
    });
  };
  return table.map((cells) => Object.fromEntries(names.map((name, n) => [name, plain(name, cells[n] || "")]).filter(([, given]) => given)));
}
function readYaml(text) {
  const table = [];
  let row = null;
  for (const [n, full] of text.split(/\r?\n/).entries()) {
    const found = /^(- |  |-\t)?\s*([a-z_]+):\s*(.*?)\s*$/.exec(full);
    if (!full.trim() || /^\s*(#|---$|\[\]$)/.test(full)) continue;
    if (!found || (!row && !full.startsWith("-"))) throw new Error(`line ${n + 1} is not one of a list of decisions`);
    if (full.startsWith("-")) table.push((row = {}));
    let value = found[3];
    if (value.startsWith('"')) value = JSON.parse(value.replace(/\\U([0-9a-fA-F]{8})/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16))));
    else if (value.startsWith("'")) value = value.slice(1, -1).replaceAll("''", "'");
    else value = value.replace(/\s+#.*$/, "");
    if (value) row[found[2]] = value;
  }
  return table;
}
async function importFile(file) {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const coding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
    const text = new TextDecoder(coding, { fatal: true }).decode(bytes);
    const table = (/\.ya?ml$/i.test(file.name) ? readYaml(text) : readCsv(text)).filter((row) => row.decision);
    const byUrl = new Map(links.map((one) => [one.url, one])), byKey = new Map(notes.map((one) => [one.key, one]));
    const groups = new Set(head.held.map(([, , , , url, reason]) => keyOf({ kind: "held", url, reason })));
    const unknown = table.filter((row) => !Object.hasOwn(VERBS, row.decision)).length;
    const changes = new Map();
    for (const row of table) {
      if (!Object.hasOwn(VERBS, row.decision)) continue;
      const key = keyOf(row);
      const isKnown = row.kind === "held" ? groups.has(key) : byKey.has(key) || byUrl.has(row.url);
      if (row.kind !== "held") delete row.actual;
      const after = Object.fromEntries(COLUMNS.filter((name) => row[name]).map((name) => [name, row[name]]));
      if (!row.kind && row.reason && !row.note) { after.note = row.reason; delete after.reason; }
      changes.set(key, { key, before: decisions.get(key) || null, after, known: isKnown });
    }
    const made = [...changes.values()];
    const strange = made.filter((one) => !one.known).length;
    const leftOut = made.length ? (await keep(made)).size : 0;
    say(`Imported ${counted(made.length - leftOut, "decision")} from ${shown(file.name, 80)}${strange ? `; ${number(strange)} are about nothing in this report and are kept` : ""}${unknown ? `; ${counted(unknown, "row")} with an unknown decision left out` : ""}${leftOut ? `; ${number(leftOut)} not kept, since somebody else decided or the link has changed` : ""}.`);
  } catch (error) {
    say(`${shown(file.name, 80)} cannot be read: ${shown(error.message, 200)}.`);
  }
}
function showDecisions() {
  const file = h("input", { type: "file", accept: ".csv,.yml,.yaml", id: "import", onchange: () => { if (file.files[0]) importFile(file.files[0]); file.value = ""; } });
  const rows = () => [...decisions.values()];
  decidedFrom.from = 0;
  dialog(`Decisions (${number(decisions.size)})`, { id: "decisions", class: "ask wide" },
    h("p", { class: "quiet" }, store.isServer ? "They are kept by the review server." : "They are kept in this browser, for this run's report only. Export them, then:"),
    store.isServer ? null : h("p", null, h("code", null, "linkhealth apply decisions.yml --content PATH"), " ", copier("linkhealth apply decisions.yml --content PATH", "the command"), " shows what would change; with ", h("code", null, "--write"), " it changes the files."),
    store.isServer ? h("p", { class: "actions" }, button("Show the diff", () => showDiff(null), { id: "show-diff", class: "main" }), button("Write", writeAll, { id: "write", class: "main" }), h("label", { class: "check" }, h("input", { type: "checkbox", id: "commit" }), "One Git commit for each kind")) : null,
    h("pre", { id: "diff", class: "diff", tabindex: 0, role: "region", "aria-label": "Diff", hidden: true }),
    h("p", { class: "actions" }, button("Export YAML", () => save("decisions.yml", "text/yaml", toYaml(rows())), { id: "export-yaml", class: store.isServer ? null : "main" }), button("Export CSV", () => save("decisions.csv", "text/csv", toCsv(COLUMNS, rows())), { id: "export-csv" }), button("Undo the last", undo),
      button("Take all back", () => takeBack([...decisions]))),
    h("label", { class: "field" }, h("span", null, "Import a file of decisions (CSV or YAML)"), file),
    h("div", { id: "decided" }, decided()));
}
const decidedFrom = { from: 0 };
/** The decisions, page by page. */
function decided() {
  const table = [...decisions];
  return table.length ? pages(table.length, (n) => decidedLine(...table[n]), 50, decidedFrom) : h("p", null, "None yet. Press a to accept a suggestion, i to ignore a link until a day, r to replace it.");
}
function decidedLine(key, row) {
  const again = () => [h("span", { class: "bad" }, " · has changed since: now ", out(store.outdated.get(key), 300)), " ", button("Decide so all the same", () => change([{ key, before: row, after: row }]), { class: "small" })];
  return h("li", null, h("strong", null, VERBS[row.decision]), " ", out(aboutWhat(row), 200), row.at ? [" ", h("code", null, out(row.at, 100))] : null, row.new_value ? [" → ", out(row.new_value, 200)] : null, row.until ? ` until ${shown(row.until, 20)}` : "", row.note ? [" · ", out(row.note, 200)] : null, store.outdated.has(key) ? again() : null, " ",
    button("Take back", () => takeBack([[key, row]]), { class: "small", "aria-label": `Take back the decision on ${shown(aboutWhat(row), 80)}` }));
}
/** Tell the decisions anew, whoever has made or taken back one; the focus stays near what was pressed. */
function markDecided() {
  const box = $("decided");
  if (!box) return;
  const had = box.contains(document.activeElement);
  box.replaceChildren();
  put(box, null, [decided()]);
  $("dialog-title-decisions").textContent = `Decisions (${number(decisions.size)})`;
  if (had) (box.querySelector("button") || $("decisions").querySelector(".close")).focus();
}
async function takeBack(entries) {
  if (!entries.length) { say("Nothing to take back."); return; }
  const changes = entries.map(([key, before]) => ({ key, before, after: null }));
  const leftOut = await keep(changes);
  if (!leftOut.size) say(`Taken back: ${counted(changes.length, "decision")}. Press u to undo.`);
}
/** Have the server do something that takes a while, with nothing else to press meanwhile. */
async function atServer(doing, task) {
  const pane = $("diff"), pressed = [$("show-diff"), $("write")];
  for (const node of pressed) node.disabled = true;
  pane.hidden = false;
  pane.textContent = doing;
  say(doing);
  try { await task(pane); } catch (error) { pane.textContent = `Not done: ${error.message}.`; say(pane.textContent); }
  for (const node of pressed) node.disabled = false;
}
const MOST_LINES = 5000;
async function showDiff(keys) {
  if (!$("decisions")) showDecisions();
  await atServer("Making the diff. The first one reads all articles, which takes a while.", async (pane) => {
    const found = await store.diff(keys);
    const lines = found.diff ? found.diff.split("\n") : [];
    const sum = `${counted(found.files, "file")} would change${found.accepted ? `; ${counted(found.accepted, "URL")} would be accepted of what is held back` : ""}${found.conflicts.length ? `; ${counted(found.conflicts.length, "decision")} cannot be carried out` : ""}${found.left ? `; ${counted(found.left, "file")} are for another time` : ""}.`;
    const tell = (each) => h("span", { class: each[0] === "+" ? "good" : each[0] === "-" || each[0] === "!" ? "bad" : "" }, shown(each) + "\n");
    pane.replaceChildren(h("strong", null, sum + "\n"), ...found.conflicts.map((each) => tell("! " + each)), ...lines.slice(0, MOST_LINES).map(tell), lines.length > MOST_LINES ? h("strong", null, `and ${counted(lines.length - MOST_LINES, "line")} more`) : "");
    say(`The diff is shown: ${sum}`);
  });
}
async function writeAll() {
  const before = new Map(decisions);
  await atServer("Writing. Each file is looked at once more.", async (pane) => {
    const found = await store.write($("commit").checked);
    decisions = await store.load();
    if (found.settled) for (const [key, row] of before) if (!decisions.has(key)) store.written.set(key, row);
    pane.textContent = [found.text, ...found.conflicts.map((each) => "! " + each)].filter(Boolean).map((each) => each.split("\n").map((line) => shown(line)).join("\n")).join("\n");
    say(`${found.text.split("\n")[0]}${found.conflicts.length ? ` ${number(found.conflicts.length)} refused.` : ""}`);
    refresh();
  });
}

// ------------------------------------------------------------------------------------------- keys

let keysOn = true;
const HELP = [["/", "search"], ["j k ↓ ↑", "next, previous row"], ["o Enter", "open: a group, or all that is known of a row"], ["← →", "close, open a group"], ["x Space", "select"], ["a", "accept the suggestion"], ["r", "replace"], ["d", "drop"], ["n", "not broken"], ["i", "ignore until a day"], ["u", "undo"], ["?", "this help"], ["Esc", "close"]];
function showHelp() {
  const box = h("input", { type: "checkbox", checked: keysOn, onchange: () => { keysOn = box.checked; try { localStorage.setItem("linkhealth:keys", keysOn ? "1" : "0"); } catch { /* not kept */ } } });
  dialog("Keys", { id: "helping" }, h("dl", { class: "keys" }, HELP.flatMap(([keys, what]) => [h("dt", null, keys.split(" ").flatMap((key) => [h("kbd", null, key), " "])), h("dd", null, what)])), h("label", { class: "check" }, box, "Single letters are keys"),
    h("p", { class: "quiet small" }, "A key acts on what is selected, else on the row that is marked. In the search, words must all be there; host:, path:, reason:, owner: and is: look in one field (is:dead, is:undecided)."));
}
function keyed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && topmost()) { event.preventDefault(); topmost().close(); return; }
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (typing) {
    // The browser's own Escape would empty the field without a word.
    if (event.target.id === "search" && (event.key === "Escape" || event.key === "Enter")) { event.preventDefault(); $("list").focus(); }
    return;
  }
  const box = topmost();
  if (box && box.id !== "drawer") return;
  const inList = event.target.id === "list" || event.target === document.body;
  const page = Math.max(1, Math.floor(innerHeight / height) - 3);
  const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length };
  const targets = box && shownItem ? (shownItem.group ? shownItem.all : [shownItem]) : null;
  // A row that was decided may have left the list: then the next one stands where it stood.
  const isGone = box && shownItem && rows[active] && rows[active].one !== shownItem && !rows.some((row) => row.one === shownItem);
  const go = (step) => {
    let to = active + (isGone && step > 0 ? step - 1 : step);
    // The drawer goes from link to link: a group that only opens has nothing to show.
    if (box) while (rows[to] && rows[to].one.group && !rows[to].one.whole) to += step;
    if (box && !rows[to]) { say("There are no more rows."); return; }
    move(to);
    if (box) show(rows[active].one);
  };
  let done = true;
  if (!box && inList && event.key in moves) move(active + moves[event.key]);
  else if (!box && inList && event.key === "ArrowRight") unfold(true);
  else if (!box && inList && event.key === "ArrowLeft") unfold(false);
  else if (!box && inList && event.key === "Enter") enter();
  else if (!box && inList && event.key === " ") toggle();
  else if (keysOn && event.key.length === 1) {
    switch (event.key) {
      case "/": if (box) box.close(); $("search").focus(); $("search").select(); break;
      case "j": go(1); break;
      case "k": go(-1); break;
      case "o": box ? box.close() : enter(); break;
      case "x": toggle(); break;
      case "a": act("accept", targets || chosen()); break;
      case "r": act("replace", targets || chosen()); break;
      case "d": act("drop", targets || chosen()); break;
      case "n": act("not-broken", targets || chosen()); break;
      case "i": act("ignore", targets || chosen()); break;
      case "u": undo(); break;
      case "?": showHelp(); break;
      default: done = false;
    }
  } else done = false;
  if (done) event.preventDefault();
}
function toggle() {
  if (!rows[active]) return;
  select(active, !targetsOf(rows[active]).every((one) => selected.has(one.key)));
}

// ------------------------------------------------------------------------------------------ begin

function printAll() {
  printing = true;
  const body = $("rows");
  drawn = new Map();
  body.replaceChildren(...rows.map((_, index) => drawRow(index)));
}
function printed() {
  printing = false;
  draw(true);
}
async function begin() {
  await read();
  const base = document.querySelector('meta[name="linkhealth-review"]');
  store = base ? serverStore(base.content) : browserStore(`linkhealth:${head.content}:${head.run ? head.run.id : 0}`);
  decisions = await store.load().catch(() => new Map());
  store.subscribe((now) => { decisions = now; refresh(); show(shownItem, true); });
  try { keysOn = localStorage.getItem("linkhealth:keys") !== "0"; } catch { /* the browser keeps nothing for files */ }
  readHash();
  build();
  showBar();
  refresh();
  addEventListener("scroll", () => draw(), { passive: true });
  addEventListener("resize", () => { layout(); draw(true); });
  addEventListener("hashchange", () => { readHash(); showBar(); refresh(); });
  addEventListener("beforeprint", printAll);
  addEventListener("afterprint", printed);
  document.addEventListener("keydown", keyed);
  document.documentElement.dataset.ready = "1";
  performance.mark("linkhealth-ready");
  await later;
  await prepareSearch();
  document.documentElement.dataset.whole = "1";
}
begin().catch((error) => {
  $("page").append(h("p", { class: "notice", role: "alert" }, `This page could not be read by this browser (${shown(String(error.message), 200)}). The same stands in report.md, report.csv and report.json.`));
});
})();
