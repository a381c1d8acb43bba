export interface Htmx {
  ajax(verb: string, path: string, context: { target: string; swap?: string; select?: string }): Promise<void>;
  process(element: Element): void;
}
