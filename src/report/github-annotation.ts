// Workflow commands of GitHub: one line each, `::error file=F,line=N,title=T::message`.

/** An annotation of a file in a GitHub workflow. */
export interface GithubAnnotation {
  command: 'error' | 'notice' | 'warning';
  file: string;
  line: number;
  title: string;
  message: string;
}

/** The line that a step prints to stdout, without its end. */
export function spellAnnotation({ command, file, line, title, message }: GithubAnnotation): string {
  const properties = Object.entries({ file, line: String(line), title });
  const text = properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(',');
  return `::${command} ${text}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
