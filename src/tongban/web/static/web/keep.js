/* What is typed into a form with data-keep is kept in this tab until it is sent, so that a session that ends, or a look at
   another page, loses nothing. It is kept for the account that typed it, goes with the tab and at sign-out, and after
   some hours. Codes and passwords stand in no such form. Without this file nothing is kept. */
(() => {
  "use strict";
  const HOURS = 12;
  const account = document.body.dataset.account || "";
  let store;
  try { store = window.sessionStorage; } catch { return; }

  const ours = () => Object.keys(store).filter((name) => name.startsWith("draft:"));
  const read = (name) => { try { return JSON.parse(store.getItem(name)); } catch { return null; } };
  const forget = (which) => { for (const name of ours().filter(which)) store.removeItem(name); };

  // -- What has grown old, belongs to somebody else, or was sent ----------------------------------------------------
  const oldest = Date.now() - HOURS * 3_600_000;
  forget((name) => !(read(name)?.at > oldest) || (account && !name.startsWith(`draft:${account}:`)));
  for (const said of document.querySelectorAll("[data-sent]")) {
    if (said.dataset.sent) forget((name) => name.includes(`:${said.dataset.sent}:`));
  }

  // -- Signing out clears this tab, and tells the others ----------------------------------------------------------------
  const others = "BroadcastChannel" in window ? new BroadcastChannel("signed-out") : null;
  if (others) others.onmessage = () => forget(() => true);
  for (const form of document.querySelectorAll("form[action$='/sign-out/']")) {
    form.addEventListener("submit", () => {
      forget(() => true);
      others?.postMessage("");
    });
  }

  // -- The page of words that were not sent: say so where they are kept -------------------------------------------------
  const still = document.querySelector("[data-kept-still]");
  if (still) {
    const plain = (text) => text.replace(/\s+/g, " ").trim();
    const kept = ours().map((name) => plain(read(name).text));
    const shown = [...document.querySelectorAll("[data-was-written]")].map((one) => plain(one.textContent));
    still.hidden = !shown.every((one) => kept.includes(one));
  }
  if (!account) return;

  // -- Keeping, and putting back into a box that is served as it was when the typing began --------------------------------
  const note = document.querySelector("template[data-kept]");
  const keep = (name, field, base) => {
    try {
      if (field.value === base) store.removeItem(name);
      else store.setItem(name, JSON.stringify({ text: field.value, base, at: Date.now() }));
    } catch { /* full or forbidden: then nothing is kept */ }
  };
  const putBack = (name, field, base, text) => {
    field.value = text;
    const within = field.closest("details");
    if (within) within.open = true;
    if (!note) return;
    const told = note.content.firstElementChild.cloneNode(true);
    told.querySelector("button").addEventListener("click", () => {
      field.value = base;
      store.removeItem(name);
      told.remove();
      field.focus();
    });
    field.after(told);
  };
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const again = "again" in form.dataset; // refused: it holds what was typed
    for (const field of form.querySelectorAll("textarea, input[type=text]")) {
      const name = `draft:${account}:${form.dataset.keep}:${field.name}`;
      const known = read(name);
      const served = field.defaultValue;
      const base = known && (again || known.base === served) ? known.base : again ? "" : served;
      if (again) keep(name, field, base);
      else if (known && known.base === served && field.value === served) putBack(name, field, base, known.text);
      field.addEventListener("input", () => keep(name, field, base));
    }
  }
})();
