/** A trace without its payloads, as the server sends it: column by column, in reading order. */
export interface Skeleton {
  span: number;
  running: boolean;
  types: string[];
  id: string[];
  depth: number[];
  type: number[];
  name: string[];
  status: string[];
  start: number[];
  duration: (number | null)[];
  tokens: (number | null)[];
  cost: (number | null)[];
}

/** Which rows are on show: the children of a folded row are not. */
export class Folding {
  readonly folded = new Set<string>();
  visible: number[] = [];

  constructor(private data: Skeleton) {
    this.update();
  }

  replace(data: Skeleton): void {
    this.data = data;
    this.update();
  }

  hasChildren(row: number): boolean {
    return (this.data.depth[row + 1] ?? -1) > this.data.depth[row]!;
  }

  isFolded(row: number): boolean {
    return this.folded.has(this.data.id[row]!);
  }

  set(row: number, folded: boolean): void {
    if (!this.hasChildren(row)) return;
    if (folded) this.folded.add(this.data.id[row]!);
    else this.folded.delete(this.data.id[row]!);
    this.update();
  }

  parent(row: number): number {
    const depth = this.data.depth[row]!;
    for (let i = row - 1; i >= 0; i--) if (this.data.depth[i]! < depth) return i;
    return -1;
  }

  /** Unfolds whatever hides the row. */
  reveal(row: number): void {
    for (let at = this.parent(row); at >= 0; at = this.parent(at)) this.folded.delete(this.data.id[at]!);
    this.update();
  }

  private update(): void {
    const { depth, id } = this.data;
    const visible: number[] = [];
    let hidden = Infinity;
    for (let i = 0; i < id.length; i++) {
      if (depth[i]! > hidden) continue;
      hidden = this.folded.has(id[i]!) ? depth[i]! : Infinity;
      visible.push(i);
    }
    this.visible = visible;
  }
}
