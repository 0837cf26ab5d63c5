/* Choosing several of a long list of boxes: a field to find them by name, and what is chosen beside the heading.
   Without this file the list opens and its boxes are ticked one by one. */
(() => {
  "use strict";
  for (const part of document.querySelectorAll("[data-chooser]")) {
    const boxes = [...part.querySelectorAll("input[type=checkbox]")];
    const chosen = part.querySelector("[data-chosen]");
    const find = part.querySelector("[data-find]");
    const input = find.querySelector("input");
    const found = find.querySelector("[data-found]");
    const name = (box) => box.labels[0].textContent.trim();
    const shown = () => boxes.filter((box) => !box.labels[0].hidden);

    const tell = () => {
      chosen.replaceChildren(...boxes.filter((box) => box.checked).map((box) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "off";
        button.textContent = name(box);
        button.setAttribute("aria-label", `${chosen.dataset.off} ${name(box)}`);
        button.addEventListener("click", () => {
          box.checked = false;
          tell();
          (chosen.querySelector("button") || part.querySelector("summary")).focus();
        });
        item.append(button);
        return item;
      }));
      chosen.hidden = !chosen.children.length;
    };
    const narrow = () => {
      const wanted = input.value.trim().toLowerCase();
      for (const box of boxes) box.labels[0].hidden = !name(box).toLowerCase().includes(wanted);
      for (const group of part.querySelectorAll("[data-group]")) group.hidden = !group.querySelector("label:not([hidden])");
      const n = shown().length;
      found.textContent = !wanted ? "" : n ? found.dataset.words.replace("{n}", n) : found.dataset.none;
    };

    find.hidden = false;
    input.addEventListener("input", narrow);
    input.addEventListener("keydown", (event) => {
      const first = shown()[0];
      if (event.key === "Enter") {
        event.preventDefault(); // not the form
        if (input.value.trim() && first) {
          first.checked = !first.checked;
          input.value = "";
          narrow();
          tell();
        }
      } else if (event.key === "ArrowDown" && first) {
        event.preventDefault();
        first.focus();
      } else if (event.key === "Escape" && input.value) {
        event.preventDefault();
        input.value = "";
        narrow();
      }
    });
    for (const box of boxes) {
      box.addEventListener("change", tell);
      box.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const row = shown();
        (row[row.indexOf(box) + step] || input).focus();
      });
    }
    window.addEventListener("pageshow", tell); // a browser may have put old ticks back
    tell();
  }
})();
