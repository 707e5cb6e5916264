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
      part.replaceChildren(...fresh.childNodes);
      if (before[1] && !running()) location.reload();
    } catch { /* the desk cannot be reached: asked again */ }
  };
  setInterval(look, 2000);
}
