/** The offices of a CSV export: a heading, then “name;town” on each line. */
export function readRows(text) {
  return text
    .split(/\r?\n/)
    .slice(1)
    .filter(Boolean)
    .map((line) => {
      const [nom, commune] = line.split(";");
      return { nom, commune };
    });
}
