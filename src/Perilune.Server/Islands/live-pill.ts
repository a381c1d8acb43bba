import type { Htmx } from "./htmx";
declare const htmx: Htmx;

// Says how many runs are newer than the rows on the page, and shows them when asked: rows never move by themselves.
// The connection is open only while somebody looks.
class LivePill extends HTMLElement {
  static observedAttributes = ["data-url"];
  private source: EventSource | undefined;
  private readonly onVisibility = () => (document.hidden ? this.close() : this.open());

  connectedCallback(): void {
    document.addEventListener("visibilitychange", this.onVisibility);
    this.open();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.close();
  }

  attributeChangedCallback(_: string, before: string | null): void {
    if (before === null || !this.isConnected) return;
    this.close();
    this.open();
  }

  private open(): void {
    if (this.source || document.hidden || !this.dataset.url) return;
    this.show(0, false);
    this.source = new EventSource(this.dataset.url);
    this.source.addEventListener("new", (event) => this.show(Number(event.data), true));
    this.source.addEventListener("error", () => this.show(0, false));
  }

  private close(): void {
    this.source?.close();
    this.source = undefined;
  }

  private show(count: number, connected: boolean): void {
    if (count === 0) {
      const dot = document.createElement("span");
      dot.className = connected ? "dot on" : "dot";
      dot.textContent = "Live";
      dot.title = connected ? "New runs are announced here" : "Connecting…";
      this.replaceChildren(dot);
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${count >= 100 ? "99+" : count} new`;
    button.addEventListener("click", () => {
      scrollTo({ top: 0 });
      void htmx.ajax("GET", this.dataset.page!, { target: "#runs", select: "#runs", swap: "morph:outerHTML" });
    });
    this.replaceChildren(button);
  }
}

customElements.define("live-pill", LivePill);
