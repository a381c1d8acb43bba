// Completes what is typed into the filter box. The list hangs on the body: the page around the box is swapped while one types.

interface Suggestions {
  start: number;
  items: { label: string; insert: string; hint: string | null }[];
}

let asked = 0;
let shown: Suggestions | undefined;
let active = -1;

export function startSuggestions(): void {
  document.addEventListener("input", (event) => {
    const box = boxOf(event.target);
    if (box) void ask(box);
  });
  document.addEventListener("focusin", (event) => {
    const box = boxOf(event.target);
    if (box) void ask(box);
  });
  document.addEventListener("focusout", (event) => {
    if (boxOf(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    const box = boxOf(event.target);
    if (box && shown && !event.ctrlKey && !event.metaKey && !event.altKey && act(box, event.key)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, { capture: true });
  document.body.addEventListener("htmx:afterSwap", () => {
    const box = boxOf(document.activeElement);
    if (box && shown) describe(box);
  });
}

function boxOf(target: EventTarget | null): HTMLInputElement | undefined {
  return target instanceof HTMLInputElement && target.dataset.suggest ? target : undefined;
}

async function ask(box: HTMLInputElement): Promise<void> {
  const mine = ++asked;
  const at = box.selectionStart ?? box.value.length;
  const url = `${box.dataset.suggest}?q=${encodeURIComponent(box.value)}&at=${at}`;
  const answer = await fetch(url).then((r) => (r.ok ? (r.json() as Promise<Suggestions>) : undefined)).catch(() => undefined);
  if (mine !== asked || document.activeElement !== box) return;
  if (!answer || answer.items.length === 0) return close();

  // An answer that comes late must not take back what was picked from the one before it.
  const picked = shown?.items[active]?.label;
  shown = answer;
  active = answer.items.findIndex((item) => item.label === picked);
  draw(box);
}

function act(box: HTMLInputElement, key: string): boolean {
  const count = shown!.items.length;
  switch (key) {
    case "ArrowDown": active = (active + 1) % count; break;
    case "ArrowUp": active = (active + count + (active < 0 ? 0 : -1)) % count; break;
    case "Escape": close(); return true;
    case "Enter":
    case "Tab":
      if (active < 0) {
        close();
        return false;
      }
      choose(box, active);
      return true;
    default: return false;
  }
  draw(box);
  return true;
}

function choose(box: HTMLInputElement, index: number): void {
  const { start, items } = shown!;
  const at = box.selectionStart ?? box.value.length;
  box.setRangeText(items[index]!.insert, start, at, "end");
  close();
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function draw(box: HTMLInputElement): void {
  const list = listElement();
  list.replaceChildren(...shown!.items.map((item, i) => {
    const option = document.createElement("li");
    option.id = `suggestion-${i}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(i === active));
    const label = document.createElement("span");
    label.textContent = item.label;
    option.append(label);
    if (item.hint) {
      const hint = document.createElement("span");
      hint.className = "muted";
      hint.textContent = item.hint;
      option.append(hint);
    }
    // Before the box loses the focus.
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(box, i);
    });
    return option;
  }));
  const place = box.getBoundingClientRect();
  list.style.left = `${place.left + scrollX}px`;
  list.style.top = `${place.bottom + scrollY}px`;
  list.hidden = false;
  list.children[active]?.scrollIntoView({ block: "nearest" });
  describe(box);
}

function describe(box: HTMLInputElement): void {
  box.setAttribute("aria-expanded", "true");
  box.setAttribute("aria-controls", "suggestions");
  if (active < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", `suggestion-${active}`);
}

function close(): void {
  asked++;
  shown = undefined;
  const list = document.getElementById("suggestions");
  if (list) list.hidden = true;
  for (const box of document.querySelectorAll("input[data-suggest]")) {
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-controls");
    box.removeAttribute("aria-activedescendant");
  }
}

function listElement(): HTMLElement {
  const known = document.getElementById("suggestions");
  if (known) return known;
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Completions");
  document.body.append(list);
  return list;
}
