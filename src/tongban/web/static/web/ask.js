/* Asking: the town narrows the villages, and a place can be pointed at. Without this file the lists alone serve. */
(() => {
  "use strict";
  const town = document.getElementById("id_town");
  const village = document.getElementById("id_village");
  if (!town || !village) return;
  const groups = [...village.querySelectorAll("optgroup")];

  const narrow = () => {
    const name = town.value ? town.selectedOptions[0].textContent : "";
    const some = groups.some((group) => group.label === name);
    for (const group of groups) {
      if (!some || group.label === name) village.append(group);
      else group.remove();
    }
    if (village.selectedIndex < 0) village.selectedIndex = 0;
  };
  town.addEventListener("change", narrow);
  narrow();

  const part = document.querySelector("[data-pin]");
  if (!part) return;
  part.hidden = false;
  const map = part.querySelector(".map");
  const svg = map.querySelector("svg");
  const marker = svg.querySelector("[data-marker]");
  const says = part.querySelector("[data-says]");
  const clear = part.querySelector("[data-clear]");
  const longitude = document.getElementById("id_longitude");
  const latitude = document.getElementById("id_latitude");
  const places = [...svg.querySelectorAll("[data-place]")];
  const { width, height } = svg.viewBox.baseVal;
  const number = (name) => Number(map.dataset[name]);
  let at = { x: width / 2, y: height / 2 };

  const nearest = () => places.reduce((best, dot) => {
    const away = Math.hypot(dot.cx.baseVal.value - at.x, dot.cy.baseVal.value - at.y);
    return best && best.away <= away ? best : { dot, away };
  }, null)?.dot;

  const draw = () => {
    marker.removeAttribute("hidden");
    marker.setAttribute("transform", `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
  };
  const set = () => {
    draw();
    longitude.value = (number("west") + at.x / number("across")).toFixed(6);
    latitude.value = (number("north") - at.y / number("down")).toFixed(6);
    clear.hidden = false;
    const dot = nearest();
    if (!dot) return;
    says.textContent = map.dataset.near.replace("{place}", dot.dataset.name);
    // A list that somebody has chosen in stays as he left it.
    if (!town.dataset.chosen) {
      town.value = dot.dataset.town;
      narrow();
      village.value = dot.dataset.place;
    }
  };
  const remove = () => {
    marker.setAttribute("hidden", "");
    longitude.value = latitude.value = "";
    clear.hidden = true;
    says.textContent = map.dataset.none;
  };
  for (const list of [town, village]) {
    list.addEventListener("change", () => { town.dataset.chosen = "yes"; });
    if (list.value) town.dataset.chosen = "yes";
  }

  svg.addEventListener("click", (event) => {
    const box = svg.createSVGPoint();
    box.x = event.clientX;
    box.y = event.clientY;
    const point = box.matrixTransform(svg.getScreenCTM().inverse());
    at = { x: Math.min(width, Math.max(0, point.x)), y: Math.min(height, Math.max(0, point.y)) };
    set();
  });
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  map.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step) {
      const size = event.shiftKey ? 24 : 6;
      at = { x: Math.min(width, Math.max(0, at.x + step[0] * size)), y: Math.min(height, Math.max(0, at.y + step[1] * size)) };
      set();
    } else if (event.key === "Enter" || event.key === " ") set();
    else if (event.key === "Delete" || event.key === "Backspace") remove();
    else return;
    event.preventDefault();
  });
  clear.addEventListener("click", remove);

  if (longitude.value && latitude.value) {
    at = {
      x: (Number(longitude.value) - number("west")) * number("across"),
      y: (number("north") - Number(latitude.value)) * number("down"),
    };
    draw();
    clear.hidden = false;
  }
})();
