// The server that the official conformance suite asks for: its tools, resources and prompts by name, over Streamable HTTP with sessions and
// streams that can be resumed, by the official SDK 1.x. `node conformance_server.mjs <packages>`; says where it listens.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const from = (path) => import(`${process.argv[2]}/@modelcontextprotocol/sdk/dist/esm/${path}`);
const { Server } = await from("server/index.js");
const { StreamableHTTPServerTransport } = await from("server/streamableHttp.js");
const types = await from("types.js");

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const SILENCE = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
const image = { type: "image", data: PIXEL, mimeType: "image/png" };
const resource = (uri, mimeType, text) => ({ type: "resource", resource: { uri, mimeType, text } });
const text = (words) => ({ type: "text", text: words });
const result = (...content) => ({ content });
const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

const string = { type: "string" };
const object = (properties, required = []) => ({ type: "object", properties, required });
const titled = (...titles) => titles.map((title, i) => ({ const: `value${i + 1}`, title }));
const options = ["option1", "option2", "option3"];

const DEFAULTS = object({
  name: { type: "string", default: "John Doe" },
  age: { type: "integer", default: 30 },
  score: { type: "number", default: 95.5 },
  status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
  verified: { type: "boolean", default: true },
});

const ENUMS = object({
  untitledSingle: { type: "string", enum: options },
  titledSingle: { type: "string", oneOf: titled("First", "Second", "Third") },
  legacyEnum: { type: "string", enum: ["opt1", "opt2", "opt3"], enumNames: ["One", "Two", "Three"] },
  untitledMulti: { type: "array", minItems: 1, maxItems: 3, items: { type: "string", enum: options } },
  titledMulti: { type: "array", minItems: 1, maxItems: 3, items: { anyOf: titled("First", "Second", "Third") } },
});

const ADDRESSED = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: { address: { type: "object", properties: { street: string, city: string } } },
  properties: { name: string, address: { $ref: "#/$defs/address" } },
  additionalProperties: false,
};

/** A tool that asks the user; what it says is the answer. */
const asks = (requestedSchema) => async ({ message = "Please fill in" }, { sendRequest }) => {
  const params = { message, requestedSchema };
  const { action, content = {} } = await sendRequest({ method: "elicitation/create", params }, types.ElicitResultSchema);
  return result(text(`User response: action=${action}, content=${JSON.stringify(content)}`));
};

/** What tools do, by name; those with arguments also have a schema. */
const TOOLS = {
  test_simple_text: { run: () => result(text("This is a simple text response for testing.")) },
  test_image_content: { run: () => result(image) },
  test_audio_content: { run: () => result({ type: "audio", data: SILENCE, mimeType: "audio/wav" }) },
  test_embedded_resource: { run: () => result(resource("test://embedded-resource", "text/plain", "Embedded.")) },
  test_multiple_content_types: {
    run: () => result(text("Several:"), image, resource("test://mixed", "application/json", `{"test":"data","value":123}`)),
  },
  test_tool_with_logging: {
    async run(_, { sendNotification }) {
      for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
        await sendNotification({ method: "notifications/message", params: { level: "info", data } });
        await sleep(50);
      }
      return result(text("Logged"));
    },
  },
  test_tool_with_progress: {
    async run(_, { sendNotification, _meta: { progressToken = 0 } = {} }) {
      for (const progress of [0, 50, 100]) {
        await sendNotification({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
        await sleep(50);
      }
      return result(text(String(progressToken)));
    },
  },
  test_error_handling: {
    run: () => ({ ...result(text("This tool intentionally returns an error for testing")), isError: true }),
  },
  test_reconnection: {
    async run(_, { sendNotification, closeStream }) {
      // An event whose id the client can resume from: to clients of the version that the suite names the SDK sends none by itself.
      await sendNotification({ method: "notifications/message", params: { level: "info", data: "the stream closes" } });
      closeStream();
      await sleep(100);
      return result(text("Reconnected"));
    },
  },
  test_sampling: {
    schema: object({ prompt: string }, ["prompt"]),
    async run({ prompt }, { sendRequest }) {
      const params = { messages: [{ role: "user", content: text(prompt) }], maxTokens: 100 };
      const { content } = await sendRequest({ method: "sampling/createMessage", params }, types.CreateMessageResultSchema);
      return result(text(`LLM response: ${content.text}`));
    },
  },
  test_elicitation: { schema: object({ message: string }, ["message"]), run: asks(object({ response: string }, ["response"])) },
  test_elicitation_sep1034_defaults: { run: asks(DEFAULTS) },
  test_elicitation_sep1330_enums: { run: asks(ENUMS) },
  json_schema_2020_12_tool: { schema: ADDRESSED, run: (args) => result(text(JSON.stringify(args))) },
};

const RESOURCES = {
  "test://static-text": { mimeType: "text/plain", text: "This is the content of the static text resource." },
  "test://static-binary": { mimeType: "image/png", blob: PIXEL },
  "test://watched-resource": { mimeType: "text/plain", text: "Watched" },
};

const prompt = (...contents) => ({ messages: contents.map((content) => ({ role: "user", content })) });
const PROMPTS = {
  test_simple_prompt: { args: [], get: () => prompt(text("This is a simple prompt for testing.")) },
  test_prompt_with_arguments: {
    args: ["arg1", "arg2"],
    get: ({ arg1, arg2 }) => prompt(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  },
  test_prompt_with_embedded_resource: {
    args: ["resourceUri"],
    get: ({ resourceUri }) => prompt(resource(resourceUri, "text/plain", "Embedded."), text("Please process it.")),
  },
  test_prompt_with_image: { args: [], get: () => prompt(image, text("Please analyze it.")) },
};

function contentsOf(uri) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  const data = { mimeType: "application/json", text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) };
  const found = id === undefined ? RESOURCES[uri] : data;
  if (found === undefined) throw new types.McpError(types.ErrorCode.InvalidParams, `there is no resource ${uri}`);
  return { contents: [{ uri, ...found }] };
}

function serverOfSession(transport) {
  const changes = { listChanged: true };
  const capabilities = {
    tools: changes,
    resources: { subscribe: true, ...changes },
    prompts: changes,
    logging: {},
    completions: {},
  };
  const server = new Server({ name: "conformance", version: "1.0.0" }, { capabilities });
  const answer = (schema, handler) => server.setRequestHandler(types[`${schema}RequestSchema`], handler);
  const named = (from, name) => {
    if (Object.hasOwn(from, name)) return from[name];
    throw new types.McpError(types.ErrorCode.InvalidParams, `there is no ${name}`);
  };
  answer("ListTools", () => ({
    tools: Object.entries(TOOLS).map(([name, { schema }]) => ({ name, description: name, inputSchema: schema ?? object({}) })),
  }));
  answer("CallTool", ({ params }, extra) => {
    const closeStream = () => transport.closeSSEStream(extra.requestId);
    return named(TOOLS, params.name).run(params.arguments ?? {}, { ...extra, closeStream });
  });
  answer("ListResources", () => ({
    resources: Object.entries(RESOURCES).map(([uri, { mimeType }]) => ({
      uri,
      name: uri.slice(7),
      description: uri,
      mimeType,
    })),
  }));
  answer("ListResourceTemplates", () => ({
    resourceTemplates: [{ uriTemplate: "test://template/{id}/data", name: "template", mimeType: "application/json" }],
  }));
  answer("ReadResource", ({ params: { uri } }) => contentsOf(uri));
  answer("Subscribe", () => ({}));
  answer("Unsubscribe", () => ({}));
  answer("ListPrompts", () => ({
    prompts: Object.entries(PROMPTS).map(([name, { args }]) => {
      return { name, description: name, arguments: args.map((arg) => ({ name: arg, description: arg, required: true })) };
    }),
  }));
  answer("GetPrompt", ({ params }) => named(PROMPTS, params.name).get(params.arguments ?? {}));
  answer("SetLevel", () => ({}));
  answer("Complete", () => ({ completion: { values: [], total: 0, hasMore: false } }));
  return server;
}

/** Events of a session in the order in which they came; the id of one names its stream and place. */
function eventStore() {
  const events = [];
  return {
    storeEvent: (stream, message) => Promise.resolve(`${stream}:${events.push({ stream, message })}`),
    async replayEventsAfter(last, { send }) {
      const [stream, place] = last.split(":");
      for (let i = Number(place); i < events.length; i++) {
        const { stream: own, message } = events[i];
        if (own === stream && Object.keys(message).length > 0) await send(`${stream}:${i + 1}`, message);
      }
      return stream;
    },
  };
}

const sessions = new Map();
async function transportOf(request) {
  const known = sessions.get(request.headers["mcp-session-id"]);
  if (known !== undefined) return known;
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: eventStore(),
    retryInterval: 500,
    enableDnsRebindingProtection: true,
    allowedHosts: [address],
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  await serverOfSession(transport).connect(transport);
  return transport;
}

let address = "";
const http = createServer(async (request, response) => (await transportOf(request)).handleRequest(request, response));
http.listen(0, "127.0.0.1", () => {
  address = `127.0.0.1:${http.address().port}`;
  console.log(`listening on ${address}`);
});
process.on("SIGTERM", () => process.exit(0));
