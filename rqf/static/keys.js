// Shortcuts of a page: each <kbd data-key> says its key, what it chooses or presses, and where the focus goes then.
// Everything they do can be done without them; single keys can be switched off and are off while a person writes.
const STORE = "rqf-single-keys";
const box = document.querySelector("[data-keys]");
const remembered = () => {
  try { return localStorage.getItem(STORE) !== "off"; } catch { return true; }
};
let on = remembered();

function show() {
  const button = box.querySelector("[data-keys-switch]");
  button.textContent = on ? button.dataset.on : button.dataset.off;
  box.classList.toggle("keys--off", !on);
}

function writes(element) {
  return element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])");
}

function act(hint) {
  const target = document.querySelector(hint.dataset.target);
  if (!target) return;
  if (target.matches("textarea, select")) target.focus(); else target.click();
  const next = hint.dataset.then && document.querySelector(hint.dataset.then);
  if (next) next.focus();
}

document.addEventListener("keydown", (event) => {
  if (!box || event.defaultPrevented || event.altKey) return;
  const chord = event.ctrlKey || event.metaKey;
  if (event.repeat || (!chord && (!on || writes(event.target)))) return;
  const pressed = (chord ? "ctrl+" : "") + event.key.toLowerCase();
  const hint = [...box.querySelectorAll("[data-key]")].find((one) => one.dataset.key === pressed);
  if (!hint) return;
  event.preventDefault();
  act(hint);
});

if (box) {
  show();
  box.querySelector("[data-keys-switch]").addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem(STORE, on ? "on" : "off"); } catch { /* Remembered for this page only. */ }
    show();
  });
}
