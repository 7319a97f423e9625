// `gait contract ingest`: another name of `contract validate`.
import validate from "./contract_validate.ts";

export default { ...validate, path: ["contract", "ingest"], summary: "Another name of contract validate" };
