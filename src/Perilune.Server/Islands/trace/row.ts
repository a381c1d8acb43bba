import type { Skeleton } from "./skeleton";

const svg = "http://www.w3.org/2000/svg";
const maxIndent = 16;

export interface RowState {
  index: number;
  selected: boolean;
  hit: boolean;
  foldable: boolean;
  folded: boolean;
  href: string;
}

/** Draws rows in the server's own markup, so that its first hundred and these look the same. */
export class RowPainter {
  constructor(private readonly icons: string) {}

  paint(row: HTMLAnchorElement, data: Skeleton, state: RowState): void {
    const i = state.index;
    const type = data.types[data.type[i]!]!;
    const status = data.status[i]!;
    row.className = `tv-row${status === "error" ? " is-error" : ""}${state.hit ? " hit" : ""}`;
    row.href = state.href;
    row.id = `tv-${data.id[i]}`;
    row.tabIndex = -1;
    row.dataset.index = String(i);
    row.setAttribute("role", "treeitem");
    row.setAttribute("aria-level", String(data.depth[i]! + 1));
    row.setAttribute("aria-selected", String(state.selected));
    if (state.foldable) row.setAttribute("aria-expanded", String(!state.folded));
    else row.removeAttribute("aria-expanded");

    const name = element("span", `tv-name d${Math.min(data.depth[i]!, maxIndent)}`);
    const fold = element("span", `tv-fold${state.folded ? " shut" : ""}`);
    if (state.foldable) fold.append(this.icon("chevron"));
    const kind = element("span", `kind k-${type}`);
    kind.append(this.icon(type));
    const label = element("span", "tv-label ellipsis", data.name[i]!);
    label.title = data.name[i]!;
    name.append(fold, kind, label);
    if (status === "error" || status === "running") {
      const glyph = element("span", `status ${status}`);
      glyph.append(this.icon(status), element("span", "vh", status));
      name.append(glyph);
    }
    row.replaceChildren(
      name,
      bar(data, i, type),
      element("span", "tv-tokens num", data.tokens[i] == null ? "" : count(data.tokens[i]!)),
      element("span", "tv-cost num", data.cost[i] == null ? "" : money(data.cost[i]!)),
      element("span", "tv-time num", data.duration[i] == null ? "" : duration(data.duration[i]!)),
    );
  }

  private icon(name: string): SVGElement {
    const icon = document.createElementNS(svg, "svg");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(svg, "use");
    use.setAttribute("href", `${this.icons}#${name}`);
    icon.append(use);
    return icon;
  }
}

function element(tag: "span", className: string, text = ""): HTMLElement {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = text;
  return created;
}

function bar(data: Skeleton, i: number, type: string): SVGElement {
  const span = Math.max(data.span, 0.001);
  const length = Math.max(data.duration[i] ?? span - data.start[i]!, span / 250);
  const box = document.createElementNS(svg, "svg");
  box.setAttribute("class", `tv-bar k-${type}`);
  box.setAttribute("viewBox", "0 0 1000 10");
  box.setAttribute("preserveAspectRatio", "none");
  box.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS(svg, "rect");
  rect.setAttribute("x", ((1000 * data.start[i]!) / span).toFixed(1));
  rect.setAttribute("width", ((1000 * length) / span).toFixed(1));
  rect.setAttribute("height", "10");
  rect.setAttribute("rx", "3");
  box.append(rect);
  return box;
}

function count(value: number): string {
  if (value < 100_000) return value.toLocaleString("en-US");
  return value < 1e6 ? `${Math.round(value / 1e3)}k` : `${(value / 1e6).toFixed(1)}M`;
}

// Not toFixed, which rounds the binary fraction: half a unit would not go up as it does on the server.
function money(usd: number): string {
  const size = Math.abs(usd);
  if (size === 0) return "$0";
  const digits = size < 0.0001 ? 7 : size < 0.01 ? 5 : size < 1 ? 4 : 2;
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

function duration(ms: number): string {
  if (ms < 1) return `${+ms.toFixed(2)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1e3).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1e3).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (ms < 3_600_000) return `${minutes}m ${String(Math.floor((ms % 60_000) / 1e3)).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}
