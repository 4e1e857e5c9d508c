/** `shell`, `database mutation`: an action class in words. */
export function classWords(actionClass: string): string {
  return actionClass.replaceAll('-', ' ').replace(/^db /, 'database ').replace('iam', 'access rights');
}
