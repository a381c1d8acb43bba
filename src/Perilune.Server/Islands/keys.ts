// Single keys that work on every page. Rows are links: moving means moving the focus, so Enter opens by itself.

const places: Record<string, string> = {
  r: "runs?scope=all",
  l: "runs?scope=llm",
  t: "runs?scope=traces",
  h: "runs?scope=threads",
  e: "users",
  a: "analytics",
  u: "usage",
  i: "ingestion",
  p: "prompts",
  s: "setup",
  k: "settings/keys",
};

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function startKeys(openDialog: (id: string) => void): void {
  let chord = -Infinity;
  keepPlaceInRows();

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return leave(event);
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;

    if (performance.now() - chord < 1200) {
      chord = -Infinity;
      const place = places[event.key];
      if (place) return go(place);
    }

    switch (event.key) {
      case "g":
        chord = performance.now();
        return;
      case "?":
        return openDialog("keys");
      case "/": {
        const search = document.querySelector<HTMLInputElement>("input[data-search]");
        if (!search) return;
        event.preventDefault();
        search.focus();
        search.select();
        return;
      }
      case "j":
      case "k":
        return move(event.key === "j" ? 1 : -1);
    }
  });
}

function go(place: string): void {
  const project = /^.*?\/projects\/[^/]+/.exec(location.pathname)?.[0];
  if (project) location.assign(`${project}/${place}`);
}

function leave(event: KeyboardEvent): void {
  const open = document.querySelector<HTMLDetailsElement>("details.menu[open], details.confirm[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary")?.focus();
    return;
  }
  if (isTyping(event.target)) {
    (event.target as HTMLElement).blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const back = document.querySelector<HTMLAnchorElement>("a[data-back]");
  if (!back) return;
  if (document.referrer.startsWith(back.href.split("?")[0]!)) history.back();
  else back.click();
}

const rowLinks = "[data-rows] .row-link, [data-rows] [data-row]";

// A list that is swapped for another one takes the focused row with it. Then the first row has the focus, so that Enter still opens one.
function keepPlaceInRows(): void {
  let inRows = false;
  document.body.addEventListener("htmx:beforeSwap", () => (inRows = document.activeElement?.matches(rowLinks) === true));
  document.body.addEventListener("htmx:afterSettle", () => {
    if (inRows && document.activeElement === document.body) move(1);
    inRows = false;
  });
}

function move(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>(rowLinks)];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}
