// The palette: Ctrl or Cmd with K from anywhere, arrows and Enter within. Its rows come from the server as links.

export function startPalette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#palette");
  const box = dialog?.querySelector<HTMLInputElement>("input");
  const list = dialog?.querySelector<HTMLElement>("#palette-list");
  if (!dialog || !box || !list) return;

  const rows = () => [...list.querySelectorAll<HTMLAnchorElement>("a[role=option]")];
  const mark = (index: number) => {
    const all = rows();
    all.forEach((row, i) => row.setAttribute("aria-selected", String(i === index)));
    if (all[index]) box.setAttribute("aria-activedescendant", all[index]!.id);
    else box.removeAttribute("aria-activedescendant");
    all[index]?.scrollIntoView({ block: "nearest" });
  };
  const open = () => {
    if (dialog.open) return;
    box.value = "";
    dialog.showModal();
    box.dispatchEvent(new Event("open"));
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-palette]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  list.addEventListener("htmx:afterSwap", () => mark(0));
  box.addEventListener("keydown", (event) => {
    const all = rows();
    const at = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark((at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % Math.max(1, all.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      all[Math.max(0, at)]?.click();
      dialog.close();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || (event.target as Element).closest("a")) dialog.close();
  });
}
