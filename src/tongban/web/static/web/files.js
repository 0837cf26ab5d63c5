/* Each file that is chosen is sent by itself, with how far it has come; what fails can be tried again. The form waits for
   them. Without this file the form carries them, or its own button does. */
(() => {
  "use strict";
  for (const part of document.querySelectorAll("[data-files]")) {
    const form = part.closest("form");
    const input = part.querySelector("input[type=file]");
    const list = part.querySelector("[data-list]");
    const says = part.querySelector("[data-progress]");
    const going = document.createElement("ul");
    going.className = "brought";
    list.after(going);
    part.querySelector("[data-add]").hidden = true;
    let queue = [];
    let busy = false;
    let pressed = null;

    const body = (extra) => {
      const data = new FormData();
      // The form's own key and what it does; its words stay where they are.
      for (const field of form.querySelectorAll("input[type=hidden]")) data.append(field.name, field.value);
      for (const [name, value] of extra) data.append(name, value);
      return data;
    };
    const send = (data, told) => new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action || location.href);
      request.setRequestHeader("X-Files", "list");
      if (told) request.upload.addEventListener("progress", (event) => event.lengthComputable && told(event.loaded / event.total));
      request.addEventListener("load", () => {
        const ours = request.getResponseHeader("Content-Type")?.startsWith("text/html") && request.responseText.includes('class="brought"')
          && !request.responseText.includes("<html");
        if (ours) list.innerHTML = request.responseText;
        done(ours);
      });
      for (const failure of ["error", "timeout", "abort"]) request.addEventListener(failure, () => done(false));
      request.send(data);
    });

    const line = (file) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.className = "grow";
      name.textContent = file.name;
      const bar = document.createElement("progress");
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", `${part.dataset.going} ${file.name}`);
      row.append(name, bar);
      going.append(row);
      return { row, bar };
    };
    const retry = (one) => {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "button bare";
      again.textContent = `${part.dataset.failed} · ${part.dataset.again}`;
      again.addEventListener("click", () => {
        again.remove();
        one.bar.hidden = false;
        one.bar.value = 0;
        queue.push(one);
        work();
      });
      one.bar.hidden = true;
      one.row.append(again);
    };
    const work = async () => {
      if (busy) return;
      busy = true;
      while (queue.length) {
        const one = queue.shift();
        const arrived = await send(body([["add-file", "1"], ["files", one.file]]), (share) => { one.bar.value = share; });
        if (arrived) one.row.remove();
        else retry(one);
      }
      busy = false;
      says.textContent = "";
      if (pressed && !going.children.length) form.requestSubmit(pressed.name ? pressed : undefined);
      pressed = null;
    };
    input.addEventListener("change", () => {
      queue = queue.concat([...input.files].map((file) => ({ file, ...line(file) })));
      input.value = "";
      work();
    });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=drop-file]");
      if (!button) return;
      event.preventDefault();
      send(body([["drop-file", button.value]])).then(() => input.focus());
    });
    form.addEventListener("submit", (event) => {
      if (!busy) return;
      event.preventDefault();
      pressed = event.submitter || form;
      delete form.dataset.sent;
      says.textContent = part.dataset.wait;
    });
  }
})();
