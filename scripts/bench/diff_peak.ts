// Compares left.zip and right.zip of a folder, read in slices as the program does, and prints how many bytes of memory that
// took beyond what the idle process held: the high-water mark of the operating system.
import { diffRunpacks } from "../../core/run/diff.ts";
import { nodeHost } from "../../host/node.ts";

const highWater = (): number => {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"));
  if (line === null) throw new Error("this system does not tell the peak of a process");
  return Number(line[1]) * 1024;
};

function fileSource(path: string) {
  const file = Deno.openSync(path);
  return {
    size: file.statSync().size,
    read(at: number, length: number) {
      const bytes = new Uint8Array(length);
      file.seekSync(at, Deno.SeekMode.Start);
      let done = 0;
      for (let count = 1; done < length && count > 0; done += count) count = file.readSync(bytes.subarray(done)) ?? 0;
      return Promise.resolve(bytes.subarray(0, done));
    },
  };
}

const [folder = "."] = Deno.args;
const named = (what: string) => ({ source: fileSource(`${folder}/${what}`), what });
const idle = highWater();
const diff = await diffRunpacks(nodeHost, named("left.zip"), named("right.zip"), "full");
if (!diff.ok) throw new Error(diff.fault.message);
console.log(highWater() - idle);
