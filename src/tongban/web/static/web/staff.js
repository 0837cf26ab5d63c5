/* The staff's keys and small helps. Every page works without it. */
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  // -- What is asked only of something undone is shown once that is chosen -----------------------------------------
  for (const asked of document.querySelectorAll("[data-undone]")) {
    const field = asked.closest(".field");
    const form = asked.form;
    const name = asked.name.replace(/-[^-]*$/, `-${asked.dataset.undone}`);
    const fit = () => {
      const chosen = form.querySelector(`input[name="${name}"]:checked`);
      const wanted = chosen && asked.dataset.undoneAt.split(" ").includes(chosen.value);
      // What was filled in, or is at fault, is never hidden from whoever has to put it right.
      field.hidden = !wanted && !asked.value && !field.classList.contains("wrong");
    };
    form.addEventListener("change", fit);
    fit();
  }

  // -- J, K, X, Enter and ? in a list -------------------------------------------------------------------------------
  const list = document.querySelector("[data-list]");
  const rows = list ? [...list.querySelectorAll("tr[data-row]")] : [];
  let at = -1;
  const link = (row) => row.querySelector(".title a");
  const go = (to) => {
    if (!rows.length) return;
    rows[at]?.removeAttribute("aria-current");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].setAttribute("aria-current", "true");
    link(rows[at]).focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };
  for (const [index, row] of rows.entries()) {
    row.addEventListener("focusin", () => {
      if (at === index) return;
      rows[at]?.removeAttribute("aria-current");
      at = index;
      row.setAttribute("aria-current", "true");
    });
  }
  const table = document.querySelector("[data-keys]");
  const writing = (element) =>
    element instanceof HTMLElement && element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || table?.open) return;
    const key = event.key.toLowerCase();
    if (key === "j") go(at + 1);
    else if (key === "k") go(at - 1);
    else if (key === "x" && rows[at]) {
      const box = rows[at].querySelector("input[type=checkbox]");
      box.checked = !box.checked;
      tell();
    } else if (key === "enter" && rows[at] && event.target === document.body) link(rows[at]).click();
    else if (key === "?" && table) table.showModal();
    else return;
    event.preventDefault();
  });

  // -- Selecting: the bar appears when something is ticked ----------------------------------------------------------
  const bulk = document.querySelector("[data-bulk]");
  const boxes = rows.map((row) => row.querySelector("input[type=checkbox]"));
  const all = document.querySelector("[data-all]");
  function tell() {
    if (!bulk) return;
    const count = boxes.filter((box) => box.checked).length;
    bulk.hidden = !count;
    const words = bulk.querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("{n}", count);
    if (all) all.checked = count > 0 && count === boxes.length;
  }
  if (bulk) {
    const clear = bulk.querySelector("[data-clear]");
    clear.hidden = false;
    clear.addEventListener("click", () => setTimeout(tell));
    for (const box of boxes) box.addEventListener("change", tell);
    if (all) {
      all.hidden = false;
      all.addEventListener("change", () => {
        for (const box of boxes) box.checked = all.checked;
        tell();
      });
    }
    tell();
  }

  // -- Entry: firms while typing, the caller when the number is complete ---------------------------------------------
  const firms = document.querySelector("datalist[data-from]");
  const firm = document.querySelector("[data-firms]");
  let waiting;
  firm?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = firm.value.trim();
      // A telephone number typed into the wrong box goes into no address.
      if (typed.length < 2 || /1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?![0-9A-Za-z])/.test(typed)) return;
      const answer = await fetch(`${firms.dataset.from}?q=${encodeURIComponent(typed)}`, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const found = await answer.json();
      firms.replaceChildren(
        ...found.firms.map((one) => {
          const option = document.createElement("option");
          option.value = one.code;
          option.label = one.name;
          option.textContent = one.name;
          return option;
        }),
      );
    }, 200);
  });
  const beside = document.querySelector("[data-caller]");
  const phone = beside?.closest("form").querySelector("[name=phone]");
  let known = "";
  const look = async () => {
    const digits = phone.value.replace(/\D/g, "");
    if (digits.length < 11 || digits === known) return;
    known = digits;
    const body = new FormData();
    body.set("phone", phone.value);
    body.set("csrfmiddlewaretoken", phone.form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(beside.dataset.caller, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return; // redirected: the session is over, and that is the sign-in page
    beside.innerHTML = await answer.text();
    if (firm) for (const button of beside.querySelectorAll("[data-fill]")) button.hidden = false;
  };
  beside?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button || !firm) return;
    firm.value = button.dataset.fill;
    firm.focus();
  });
  phone?.addEventListener("input", look);
  phone?.addEventListener("change", look);
  if (phone?.value) known = phone.value.replace(/\D/g, "");

  // -- The wall renews itself ----------------------------------------------------------------------------------------
  const wall = document.querySelector("[data-refresh]");
  if (wall) setTimeout(() => location.reload(), Number(wall.dataset.refresh) * 1000);

  // -- A refused move: its form is brought into view -----------------------------------------------------------------
  document.querySelector(".offer[open]")?.scrollIntoView({ block: "nearest" });
})();
