// Variables that decide more than what they hold.
import type { ShellWord } from "./word.ts";

/** Variables that change which program is run, or what a program does before it reads its arguments. */
const GUARDED: ReadonlySet<string> = new Set([
  ...[
    "PATH",
    "IFS",
    "ENV",
    "BASH_ENV",
    "SHELLOPTS",
    "BASHOPTS",
    "PS4",
    "PROMPT_COMMAND",
    "CDPATH",
    "DIRSTACK",
    "EXECIGNORE",
    "BASH_CMDS",
    "BASH_ALIASES",
  ],
  ...[
    "NODE_OPTIONS",
    "NODE_PATH",
    "PERL5OPT",
    "PERL5LIB",
    "PERL5DB",
    "RUBYOPT",
    "RUBYLIB",
    "RUBYSHELL",
    "DOTNET_STARTUP_HOOKS",
  ],
  ...["PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONBREAKPOINT", "LESSOPEN", "LESSCLOSE", "LESSKEYIN"],
  ...["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "RUSTC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"],
  ...["MAKEFLAGS", "GNUMAKEFLAGS", "MAKEFILES", "TAR_OPTIONS", "RSYNC_RSH", "RSYNC_CONNECT_PROG", "SVN_SSH", "CVS_RSH"],
  ...["GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_EXEC_PATH", "GIT_PROXY_COMMAND", "GIT_TEMPLATE_DIR"],
  // Where programs look for settings of theirs that name further programs.
  ...["HOME", "XDG_CONFIG_HOME", "ZDOTDIR", "GIT_DIR", "GIT_COMMON_DIR"],
  ...["PAGER", "MANPAGER", "EDITOR", "VISUAL", "BROWSER", "SHELL"],
]);

const GUARDED_BY_FORM = /^(?:LD_|DYLD_|BASH_FUNC_|GIT_CONFIG)|(?:^|_)ASKPASS$|_(?:PAGER|EDITOR|BROWSER)$/;

/** Whether a variable is one that must not be set unseen. */
export const isGuarded = (name: string): boolean => GUARDED.has(name) || GUARDED_BY_FORM.test(name);

/** Whether an assignment `name=value` changes what is run; a pager that prints is none. */
export const isGuardedAssignment = (name: string, value: ShellWord | undefined): boolean =>
  isGuarded(name) && !(/PAGER$/.test(name) && value?.kind === "plain" && (value.value === "cat" || value.value === ""));

/** Variables that bash gives a number: a value that they are given is an expression, and commands in it are run. */
const COUNTED: ReadonlySet<string> = new Set([
  ...["BASHPID", "EPOCHREALTIME", "EPOCHSECONDS", "HISTCMD", "LINENO", "OPTIND", "RANDOM", "SECONDS", "SRANDOM"],
]);

/** Whether what a variable is set to is evaluated. */
export const isCounted = (name: string): boolean => COUNTED.has(name);
