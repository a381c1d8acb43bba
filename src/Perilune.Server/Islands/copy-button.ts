class CopyButton extends HTMLElement {
  connectedCallback(): void {
    if (!navigator.clipboard) return;
    this.hidden = false;
    this.addEventListener("click", () => void this.copy());
  }

  private async copy(): Promise<void> {
    const button = this.querySelector("button");
    if (!button) return;
    try {
      const text = this.dataset.text || (await (await fetch(this.dataset.url!)).text());
      await navigator.clipboard.writeText(text);
      this.say(button, "Copied");
    } catch {
      this.say(button, "Copying failed");
    }
  }

  private say(button: HTMLButtonElement, text: string): void {
    const label = button.getAttribute("aria-label") ?? "";
    if (button.dataset.said) return;
    button.dataset.said = "1";
    const note = document.createElement("span");
    note.textContent = text;
    note.setAttribute("role", "status");
    button.append(note);
    button.title = text;
    setTimeout(() => {
      note.remove();
      button.title = label;
      delete button.dataset.said;
    }, 1600);
  }
}

customElements.define("copy-button", CopyButton);
