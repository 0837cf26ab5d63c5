/* Boxes drawn on a picture by pointer or finger; the number fields are the truth, and serve alone without this file. */
(() => {
  "use strict";
  const part = document.querySelector("[data-boxes]");
  if (!part) return;
  const svg = part.querySelector("svg");
  const drawn = svg.querySelector("[data-drawn]");
  const list = document.querySelector("[data-rows]");
  const rows = [...list.children];
  const NS = svg.namespaceURI;
  const { width, height } = svg.viewBox.baseVal;
  part.querySelector("[data-how]").hidden = false;

  const cells = (row) => [...row.querySelectorAll("input")];
  const numbers = (row) => cells(row).map((cell) => Number.parseFloat(cell.value));
  const box = (place, [left, top, wide, high], label) => {
    const one = document.createElementNS(NS, "g");
    const rect = document.createElementNS(NS, "rect");
    const sizes = { x: left * width, y: top * height, width: wide * width, height: high * height };
    for (const [name, size] of Object.entries(sizes)) rect.setAttribute(name, size / 100);
    const text = document.createElementNS(NS, "text");
    text.setAttribute("x", sizes.x / 100 + width / 100);
    text.setAttribute("y", sizes.y / 100 + width / 28);
    text.setAttribute("font-size", width / 30);
    text.textContent = label;
    one.append(rect, text);
    place.append(one);
  };
  const draw = () => {
    drawn.replaceChildren();
    rows.forEach((row, n) => {
      const found = numbers(row);
      const remove = row.querySelector("[data-remove]");
      remove.hidden = cells(row).every((cell) => !cell.value.trim());
      if (found.every((number) => Number.isFinite(number))) box(drawn, found, n + 1);
    });
  };
  const fill = (row, found) => cells(row).forEach((cell, n) => { cell.value = found ? String(Math.round(found[n] * 10) / 10) : ""; });
  const MOST = 60;
  const listen = (row) => {
    row.addEventListener("input", draw);
    row.querySelector("[data-remove]").addEventListener("click", () => {
      fill(row, null);
      draw();
      cells(row)[0].focus();
    });
  };
  rows.forEach(listen);
  const another = () => {
    if (rows.length >= MOST) return null;
    const row = rows[0].cloneNode(true);
    const remove = row.querySelector("[data-remove]");
    row.firstElementChild.textContent = rows.length + 1;
    remove.setAttribute("aria-label", list.dataset.remove.replace("{n}", rows.length + 1));
    fill(row, null);
    listen(row);
    list.append(row);
    rows.push(row);
    return row;
  };
  const empty = () => rows.find((row) => cells(row).every((cell) => !cell.value.trim())) || another();

  let from = null;
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [Math.min(100, Math.max(0, (point.x / width) * 100)), Math.min(100, Math.max(0, (point.y / height) * 100))];
  };
  const between = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
  svg.addEventListener("pointerdown", (event) => {
    from = at(event);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    draw();
    box(drawn, between(from, at(event)), "");
  });
  svg.addEventListener("pointerup", (event) => {
    if (!from) return;
    const found = between(from, at(event));
    from = null;
    const row = found[2] >= 0.5 && found[3] >= 0.5 && empty();
    if (row) fill(row, found);
    draw();
  });
  svg.addEventListener("pointercancel", () => { from = null; draw(); });
  draw();
})();
