// `gait contract consumer`: another name of `contract consume`.
import consume from "./contract_consume.ts";

export default { ...consume, path: ["contract", "consumer"], summary: "Another name of contract consume" };
