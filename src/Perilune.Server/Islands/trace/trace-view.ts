import type { Htmx } from "../htmx";
import { isTyping } from "../keys";
import { RowPainter } from "./row";
import { Folding, type Skeleton } from "./skeleton";

declare const htmx: Htmx;

const rowHeight = 30;
const overscan = 12;
const refreshEvery = 2000;
const panelDelay = 90;

/** The tree and waterfall of a trace: draws only the rows in sight, so ten thousand scroll like ten. */
class TraceView extends HTMLElement {
  private data!: Skeleton;
  private folding!: Folding;
  private painter!: RowPainter;
  private space!: HTMLElement;
  private selected = 0;
  private hits = new Set<number>();
  private find: HTMLInputElement | undefined;
  private found: HTMLElement | undefined;
  private readonly pool = new Map<number, HTMLAnchorElement>();
  private frame = 0;
  private loading: ReturnType<typeof setTimeout> | undefined;
  private polling: ReturnType<typeof setInterval> | undefined;
  private readonly abort = new AbortController();

  async connectedCallback(): Promise<void> {
    this.data = await this.fetch();
    if (!this.isConnected) return;
    this.folding = new Folding(this.data);
    this.painter = new RowPainter(this.dataset.icons!);
    this.selected = Math.max(0, this.data.id.indexOf(this.dataset.selected!));
    this.folding.reveal(this.selected);

    this.tabIndex = 0;
    this.setAttribute("role", "tree");
    this.setAttribute("aria-label", "Runs of this trace");
    this.space = document.createElement("div");
    this.space.className = "tv-space";
    this.space.setAttribute("role", "presentation");
    this.replaceChildren(this.space);
    this.addFind();

    const { signal } = this.abort;
    this.addEventListener("scroll", () => this.schedule(), { passive: true, signal });
    this.addEventListener("click", (event) => this.onClick(event), { signal });
    document.addEventListener("keydown", (event) => this.onKey(event), { signal });
    addEventListener("resize", () => this.schedule(), { signal });
    for (const link of this.viewLinks()) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.show(link.dataset.view!);
      }, { signal });
    }
    if (this.data.running) this.polling = setInterval(() => void this.refresh(), refreshEvery);
    this.render();
    this.bringIntoView(this.selected);
  }

  disconnectedCallback(): void {
    this.abort.abort();
    clearInterval(this.polling);
  }

  private async fetch(): Promise<Skeleton> {
    return (await (await fetch(this.dataset.url!)).json()) as Skeleton;
  }

  /** While something runs, new rows and ends appear; the selection stays on its run. */
  private async refresh(): Promise<void> {
    if (document.hidden) return;
    const id = this.data.id[this.selected]!;
    const before = this.data.status[this.selected];
    this.data = await this.fetch();
    this.folding.replace(this.data);
    this.selected = Math.max(0, this.data.id.indexOf(id));
    if (!this.data.running) clearInterval(this.polling);
    if (this.data.status[this.selected] !== before) this.load();
    this.pool.forEach((row) => row.remove());
    this.pool.clear();
    this.search(this.find?.value ?? "");
    this.render();
  }

  private schedule(): void {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.render());
  }

  private render(): void {
    this.frame = 0;
    const { visible } = this.folding;
    const height = visible.length * rowHeight;
    this.space.style.height = `${height}px`;
    const first = Math.max(0, Math.floor(this.scrollTop / rowHeight) - overscan);
    const last = Math.min(visible.length, Math.ceil((this.scrollTop + this.clientHeight) / rowHeight) + overscan);
    const keep = new Set<number>();
    for (let at = first; at < last; at++) {
      const index = visible[at]!;
      keep.add(index);
      let row = this.pool.get(index);
      if (!row) {
        row = document.createElement("a");
        this.pool.set(index, row);
        this.paint(row, index);
        this.space.append(row);
      }
      row.style.transform = `translateY(${at * rowHeight}px)`;
    }
    for (const [index, row] of this.pool) {
      if (keep.has(index)) continue;
      row.remove();
      this.pool.delete(index);
    }
    this.setAttribute("aria-activedescendant", `tv-${this.data.id[this.selected]}`);
  }

  private paint(row: HTMLAnchorElement, index: number): void {
    this.painter.paint(row, this.data, {
      index,
      selected: index === this.selected,
      hit: this.hits.has(index),
      foldable: this.folding.hasChildren(index),
      folded: this.folding.isFolded(index),
      href: this.url(index),
    });
  }

  private repaint(): void {
    for (const [index, row] of this.pool) this.paint(row, index);
    this.render();
  }

  private onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const row = target.closest<HTMLAnchorElement>(".tv-row");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const index = Number(row.dataset.index);
    if (target.closest(".tv-fold") && this.folding.hasChildren(index)) {
      this.fold(index, !this.folding.isFolded(index));
      return;
    }
    this.select(index);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const inTree = event.target === this || event.target === document.body || (event.target as Element).closest?.("trace-view, #main") !== null;
    const arrows = event.target === this || event.target === document.body;
    const handled = inTree && this.act(event.key, arrows);
    if (handled) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }

  private act(key: string, arrows: boolean): boolean {
    const { visible } = this.folding;
    const at = visible.indexOf(this.selected);
    if (!arrows && key.startsWith("Arrow")) return false;
    switch (key) {
      case "j": case "ArrowDown": return this.select(visible[Math.min(visible.length - 1, at + 1)]!);
      case "k": case "ArrowUp": return this.select(visible[Math.max(0, at - 1)]!);
      case "Home": return this.select(visible[0]!);
      case "End": return this.select(visible.at(-1)!);
      case "h": case "ArrowLeft": return this.collapse();
      case "l": case "ArrowRight": return this.expand();
      case "e": return this.next((i) => this.data.status[i] === "error", 1);
      case "n": return this.next((i) => this.hits.has(i), 1);
      case "N": return this.next((i) => this.hits.has(i), -1);
      case "v": return this.show(this.classList.contains("waterfall") ? "tree" : "waterfall");
      default: return false;
    }
  }

  private collapse(): boolean {
    if (this.folding.hasChildren(this.selected) && !this.folding.isFolded(this.selected)) return this.fold(this.selected, true);
    const parent = this.folding.parent(this.selected);
    return parent < 0 || this.select(parent);
  }

  private expand(): boolean {
    if (this.folding.isFolded(this.selected)) return this.fold(this.selected, false);
    return !this.folding.hasChildren(this.selected) || this.select(this.selected + 1);
  }

  private fold(index: number, folded: boolean): boolean {
    this.folding.set(index, folded);
    if (!this.folding.visible.includes(this.selected)) this.select(index);
    this.repaint();
    return true;
  }

  private next(wanted: (index: number) => boolean, step: number): boolean {
    const { length } = this.data.id;
    for (let n = 1; n <= length; n++) {
      const index = (this.selected + step * n + length * n) % length;
      if (wanted(index)) return this.select(index);
    }
    return true;
  }

  private select(index: number): boolean {
    if (index === this.selected) return true;
    const previous = this.pool.get(this.selected);
    const before = this.selected;
    this.selected = index;
    if (previous) this.paint(previous, before);
    if (!this.folding.visible.includes(index)) {
      this.folding.reveal(index);
      this.repaint();
    }
    this.bringIntoView(index);
    this.render();
    const row = this.pool.get(index);
    if (row) this.paint(row, index);
    history.replaceState(history.state, "", this.url(index));
    this.load();
    return true;
  }

  /** Holding j passes runs by without asking for each. */
  private load(): void {
    clearTimeout(this.loading);
    this.loading = setTimeout(() => {
      const tab = document.querySelector<HTMLElement>("#panel .tabs [aria-current]")?.dataset.tab ?? "messages";
      const path = `projects/${this.dataset.project}/runs/${this.data.id[this.selected]}/panel?${this.query({ tab, view: this.view })}`;
      void htmx.ajax("GET", path, { target: "#panel", swap: "innerHTML" }).then(() => document.getElementById("panel")?.scrollTo({ top: 0 }));
    }, panelDelay);
  }

  private bringIntoView(index: number): void {
    const top = this.folding.visible.indexOf(index) * rowHeight;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + rowHeight > this.scrollTop + this.clientHeight) this.scrollTop = top + rowHeight - this.clientHeight;
  }

  private get view(): string {
    return this.classList.contains("waterfall") ? "waterfall" : "tree";
  }

  private viewLinks(): NodeListOf<HTMLAnchorElement> {
    return document.querySelectorAll<HTMLAnchorElement>(".trace-tools a[data-view]");
  }

  private show(view: string): boolean {
    this.className = view;
    for (const link of this.viewLinks()) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    history.replaceState(history.state, "", this.url(this.selected));
    this.repaint();
    return true;
  }

  private url(index: number): string {
    const query = this.query({ run: this.data.id[index]! });
    if (this.view === "waterfall") query.set("view", "waterfall");
    return `projects/${this.dataset.project}/traces/${this.dataset.trace}?${query}`;
  }

  /** With what was searched for, so that it stays marked from run to run. */
  private query(members: Record<string, string>): URLSearchParams {
    const query = new URLSearchParams(members);
    if (this.dataset.mark) query.set("mark", this.dataset.mark);
    return query;
  }

  private addFind(): void {
    this.find = document.createElement("input");
    this.find.type = "search";
    this.find.placeholder = "Find in trace";
    this.find.setAttribute("aria-label", "Find in trace");
    this.find.dataset.search = "";
    this.find.addEventListener("input", () => this.search(this.find!.value));
    this.find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.next((i) => this.hits.has(i), event.shiftKey ? -1 : 1);
    });
    this.found = document.createElement("span");
    this.found.className = "muted num";
    this.found.setAttribute("role", "status");
    document.querySelector(".trace-tools")?.append(this.found, this.find);
  }

  private search(text: string): void {
    const wanted = text.trim().toLowerCase();
    this.hits.clear();
    if (wanted) {
      this.data.name.forEach((name, i) => {
        if (name.toLowerCase().includes(wanted) || this.data.types[this.data.type[i]!] === wanted || this.data.id[i] === wanted) this.hits.add(i);
      });
    }
    this.found!.textContent = wanted ? `${this.hits.size} found` : "";
    this.repaint();
  }
}

customElements.define("trace-view", TraceView);
