"use strict";

/* A part of a page that changes by itself: fetched again while the page is looked at. */
for (const part of document.querySelectorAll("[data-live]")) {
  const version = () => part.querySelector("[data-version]")?.dataset.version;
  const running = () => part.querySelector("[data-running]") !== null;
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(part.dataset.live);
      if (answer.redirected) return location.reload();
      if (!answer.ok) return;
      const before = [version(), running()];
      const fresh = document.createElement("div");
      fresh.innerHTML = await answer.text();
      if (fresh.querySelector("[data-version]")?.dataset.version === before[0]) return;
      const filled = [...part.querySelectorAll("input:checked, input:not([type])")].map((i) => [i.name, i.type, i.value]);
      part.replaceChildren(...fresh.childNodes);
      for (const [name, type, value] of filled) {
        for (const i of part.querySelectorAll("input")) {
          if (i.name !== name || i.type !== type) continue;
          if (type === "text") i.value = value;
          else if (i.value === value) i.checked = true;
        }
      }
      if (before[1] && !running()) location.reload();
    } catch { /* the desk cannot be reached: asked again */ }
  };
  setInterval(look, 2000);
}

/* Files are sent one after another, each with its bar; without script the form sends them together. */
for (const form of document.querySelectorAll("form[data-upload]")) {
  const field = form.querySelector("input[type=file]");
  const list = document.createElement("ul");
  list.className = "sending";
  list.setAttribute("aria-live", "polite");
  form.after(list);
  const send = (file) => new Promise((done) => {
    const line = document.createElement("li"), bar = document.createElement("progress"), said = document.createElement("span");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    said.textContent = file.name;
    line.append(said, bar);
    list.append(line);
    const end = (text) => {
      if (text) { said.textContent = file.name + ": " + text; bar.remove(); } else line.remove();
      done();
    };
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (e) => { if (e.lengthComputable) bar.value = e.loaded / e.total; });
    request.addEventListener("load", () => {
      if (request.status < 400) return end("");
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      end(page.querySelector("#salah, [role=alert]")?.textContent.trim() || "Tidak diterima. Muat ulang halaman ini, lalu kirim lagi.");
    });
    request.addEventListener("error", () => end("Kiriman terputus. Kirim lagi berkas ini."));
    const data = new FormData(form);
    data.delete(field.name);
    data.append(field.name, file);
    request.open("POST", form.action);
    request.send(data);
  });
  let turn = Promise.resolve();
  const take = (files) => {
    list.replaceChildren();
    for (const file of files) turn = turn.then(() => send(file));
    field.value = "";
  };
  form.addEventListener("submit", (e) => {
    if (field.files.length === 0) return;
    e.preventDefault();
    take([...field.files]);
  });
  for (const over of ["dragenter", "dragover"]) form.addEventListener(over, (e) => { e.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (e) => {
    e.preventDefault();
    form.classList.remove("over");
    if (e.dataTransfer.files.length > 0) take([...e.dataTransfer.files]);
  });
}
