import { isTyping, startKeys } from "./keys";
import { startPalette } from "./palette";
import { startSuggestions } from "./suggest";
import { startTimes } from "./times";
import "./copy-button";
import "./live-pill";

declare const Idiomorph: { defaults: { ignoreActiveValue: boolean } };

document.documentElement.classList.add("js");

// An answer to what was typed a moment ago must not take back what has been typed since.
document.body.addEventListener("htmx:beforeSwap", () => (Idiomorph.defaults.ignoreActiveValue = isTyping(document.activeElement)));

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-open]")) {
  button.hidden = false;
  button.addEventListener("click", () => openDialog(button.dataset.open!));
}
startKeys(openDialog);
startTimes();
startSuggestions();
startPalette();

// Menus close like menus: on Escape, on a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open], details.confirm[open]")) {
    if (!menu.contains(event.target as Node)) menu.open = false;
  }
});

function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}
