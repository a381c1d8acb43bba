// Keeps "3m ago" true, and tells the exact time in the reader's own zone.

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const thisYear = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const otherYear = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", year: "numeric" });

function refresh(): void {
  const now = Date.now();
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    if (!time.dataset.zoned) {
      time.title = exact.format(at);
      time.dataset.zoned = "1";
    }
    const text = when(at, now);
    if (time.textContent !== text) time.textContent = text;
  }
}

function when(at: Date, now: number): string {
  const seconds = (now - at.getTime()) / 1000;
  if (seconds >= 86_400 || seconds < -60) return (at.getFullYear() === new Date(now).getFullYear() ? thisYear : otherYear).format(at);
  if (seconds < 5) return "now";
  if (seconds < 60) return `${Math.floor(seconds)}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  return `${Math.floor(seconds / 3600)}h ago`;
}

export function startTimes(): void {
  refresh();
  setInterval(() => document.hidden || refresh(), 15_000);
  document.body.addEventListener("htmx:afterSettle", refresh);
}
