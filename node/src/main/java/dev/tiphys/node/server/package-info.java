/// The agent's own HTTPS server, by which the API server reaches containers: logs, commands,
/// forwarded ports. Paths and answers are those of upstream's kubelet.
///
/// Start at [AgentServer].
package dev.tiphys.node.server;
