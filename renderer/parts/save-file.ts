/** Hands bytes over as a file to keep; where it goes is the browser's or the system's question. */
export const saveBytes = (name: string, bytes: BlobPart, type: string): void => {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Later, because the download reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};

export const saveFile = (name: string, text: string, type: 'text/markdown' | 'application/yaml'): void =>
  saveBytes(name, text, `${type};charset=utf-8`);
