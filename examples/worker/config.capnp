using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "gate", worker = .gate)],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "gate")],
);

const gate :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  bindings = [
    (name = "GAIT_POLICY", text = embed "policy.yaml"),
  ],
  compatibilityDate = "2026-11-01",
);
