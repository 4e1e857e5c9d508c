/** An observe scope as people say it. An unknown one is shown as it is written. */
export function observeScopeWords(scope: string): string {
  const [kind, name = ''] = scope.split(':', 2);
  switch (kind) {
    case 'control':
      return CONTROLS[name] ?? scope;
    case 'rule':
      return `Rule ${name}`;
    case 'server':
      return `Server ${name}`;
    default:
      return scope;
  }
}

const CONTROLS: Readonly<Record<string, string>> = {
  approvals: 'Approvals: held calls pass',
  policies: 'Policies: denied calls pass',
  arguments: 'Arguments: calls that do not fit their schema pass',
};
