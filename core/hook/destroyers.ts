// Programs that are known to destroy, or to act with the rights of others: their calls count as destructive, so that they need approval
// whatever a rule allows (spec 02, section 6.9). All other programs are for the rules alone.

const ALWAYS: ReadonlySet<string> = new Set([
  ...["rm", "rmdir", "unlink", "shred", "truncate", "dd", "wipefs", "fdisk", "sfdisk", "parted", "blkdiscard", "dropdb", "srm"],
  ...["shutdown", "reboot", "halt", "poweroff", "sudo", "doas"],
]);

/** Programs that destroy when one of their words is of this form. */
const BY_WORD: ReadonlyMap<string, RegExp> = new Map([
  ["find", /^-delete$/],
  ["git", /^(?:clean|-[a-zA-Z]*[fD][a-zA-Z]*|\+.*)$/],
  ["kubectl", /^(?:delete|drain)$/],
  ["terraform", /^(?:destroy|apply)$/],
  ["docker", /^(?:rm|rmi|prune)$/],
  ["rsync", /^--del/],
]);

/** Long options of git that destroy; it takes the beginning of one for the whole where no other begins so. */
const LONG = ["--force", "--force-with-lease", "--hard", "--delete", "--mirror"];

const shortened = (word: string): boolean => {
  const [name = ""] = word.split("=");
  return /^--./.test(name) && LONG.some((option) => option.startsWith(name));
};

/** A command: its name, its words, and whether more words or others than these may come. */
type Words = { readonly program: string; readonly argv: readonly string[]; readonly loose: boolean; readonly more: boolean };

/** Whether a command destroys, as far as its words tell. A program with a path of its own goes by its name. */
export function destroys({ program, argv, loose, more }: Words): boolean {
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (ALWAYS.has(name) || name.startsWith("mkfs")) return true;
  const words = BY_WORD.get(name);
  if (words === undefined) return false;
  return loose || more || argv.slice(1).some((word) => words.test(word) || name === "git" && shortened(word));
}
