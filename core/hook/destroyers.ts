// Programs that are known to destroy, or to act with the rights of others: their calls count as destructive, so that they need approval
// whatever a rule allows (spec 02, section 6.9). All other programs are for the rules alone.

const ALWAYS: ReadonlySet<string> = new Set([
  ...["rm", "rmdir", "unlink", "shred", "truncate", "dd", "wipefs", "fdisk", "sfdisk", "parted", "blkdiscard", "dropdb", "srm"],
  ...["shutdown", "reboot", "halt", "poweroff", "sudo", "doas"],
]);

/** Programs that destroy when one of their words is of this form. */
const BY_WORD: ReadonlyMap<string, RegExp> = new Map([
  ["find", /^-delete$/],
  ["git", /^(?:clean|--force(?:-with-lease)?(?:=.*)?|-[a-zA-Z]*[fD][a-zA-Z]*|--hard|--delete|--mirror|\+.*)$/],
  ["kubectl", /^(?:delete|drain)$/],
  ["terraform", /^(?:destroy|apply)$/],
  ["docker", /^(?:rm|rmi|prune)$/],
  ["rsync", /^--delete/],
]);

/** Whether a command destroys, as far as its words tell. A program with a path of its own goes by its name. */
export function destroys({ program, argv }: { readonly program: string; readonly argv: readonly string[] }): boolean {
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (ALWAYS.has(name) || name.startsWith("mkfs")) return true;
  const words = BY_WORD.get(name);
  return words !== undefined && argv.slice(1).some((word) => words.test(word));
}
