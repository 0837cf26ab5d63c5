/* Small enhancements. Everything here may be absent: every page works without it.
   No inline script, no style attribute, nothing from another address. */
(() => {
  "use strict";

  // An error summary takes focus, so that a screen reader begins there.
  document.querySelector("[data-focus]")?.focus();

  // "/" jumps to the search box, unless somebody is writing.
  const writing = (element) => element instanceof HTMLElement && element.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    const box = document.querySelector("[data-seek]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  // An open menu closes on Escape and on a press elsewhere.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.menu[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  // A filter that is a select sends its form when something was picked with the pointer. Somebody at the keyboard goes
  // through the choices one by one, each of them a change, and presses its button.
  for (const select of document.querySelectorAll("select[data-send]")) {
    let pointed = false;
    select.addEventListener("pointerdown", () => (pointed = true));
    select.addEventListener("keydown", () => (pointed = false));
    select.addEventListener("change", () => pointed && select.form.requestSubmit());
  }

  // Copy a code; the button appears only where copying works.
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const told = button.querySelector("[data-told]");
      if (told) told.textContent = button.dataset.done;
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // How many characters are written, told where the limit comes near.
  for (const text of document.querySelectorAll("textarea[data-count]")) {
    const place = document.getElementById(text.dataset.count);
    if (!place) continue;
    const tell = () => {
      place.textContent = place.dataset.words.replace("{n}", [...text.value].length);
    };
    text.addEventListener("input", tell);
    tell();
  }

  // A form is sent once: the second press of a slow network would only wait. The key in the form makes it safe anyway.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
  });
})();
