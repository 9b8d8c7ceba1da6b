// Times as the reader's own clock and calendar have them.

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });

export const hourAndMinute = (moment) => clock.format(moment);
export const withSeconds = (moment) => seconds.format(moment);

/** "Today 22:31", "Yesterday 9:04", "Fri 12 Sep 9:04". */
export function dayAndTime(moment, now = new Date()) {
  return `${dayName(moment, now)} ${clock.format(moment)}`;
}

/** "22:31" for today, else the day: enough for a list. */
export function shortly(moment, now = new Date()) {
  return isSameDay(moment, now) ? clock.format(moment) : dayName(moment, now);
}

function dayName(moment, now) {
  if (isSameDay(moment, now)) return "Today";
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  return isSameDay(moment, yesterday) ? "Yesterday" : day.format(moment).replace(",", "");
}

function isSameDay(one, other) {
  return one.toDateString() === other.toDateString();
}
