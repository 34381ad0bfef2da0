// Spreadsheets run what begins like this as a formula, in full width too, and cells hold what anybody wrote, identifiers
// as well. What looks guarded already gets one more apostrophe, as in the files of `cloudtag export`.
const formulaStart = /^'*[=+\-@＝＋－＠\t\r\n]/;

// Spreadsheets read what has digits alone as a number: they keep fifteen digits of it, show twelve and more by powers of ten,
// and drop leading zeros. A formula that yields a text keeps order numbers intact.
const longNumber = /^(\d{12,}|0\d+)$/;

/** Rows as CSV by RFC 4180, with the mark by which spreadsheets know UTF-8. */
export function csvOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${[header, ...rows].map((cells) => cells.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function csvCell(text: string): string {
  if (longNumber.test(text)) return `"=""${text}"""`;
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Saves the text as a file by the browser. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // After the browser has handled the click.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
