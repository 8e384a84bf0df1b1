// Small helps only: every page works without this file.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js?v=6.6.0";

document.documentElement.classList.add("js");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
// Paper cannot be clicked: what is folded away is printed open.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    folded.dataset.closeAfterPrint = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const opened of document.querySelectorAll("details[data-close-after-print]")) {
    opened.open = false;
    delete opened.dataset.closeAfterPrint;
  }
});
// A filter applies as soon as it is changed, where the page says so; its button stays for everybody else.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
// Filters stand open where there is room beside the results; on a phone the results come first.
if (window.matchMedia("(min-width: 48.0625em)").matches) {
  for (const fold of document.querySelectorAll("details[data-open-wide]")) fold.open = true;
}
// Work that is under way is followed without moving the page; when it has ended, its result is loaded.
const followed = document.querySelector("[data-follow]");
if (followed) {
  const look = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById(followed.id);
      if (!now) return window.location.reload();
      // A button with the focus stays where it is until the work begins.
      if (now.innerHTML !== followed.innerHTML) followed.replaceChildren(...now.childNodes);
    } catch {
      // The site is away for a moment; ask again.
    }
    window.setTimeout(look, 2000);
  };
  window.setTimeout(look, 2000);
}
