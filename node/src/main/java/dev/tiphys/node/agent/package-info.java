/// The node agent: [dev.tiphys.node.agent.NodeAgent] registers the node, keeps its status, and runs
/// the Pods that are bound to it.
///
/// What serves the agent's own API may use [dev.tiphys.node.agent.RunningPods]: it finds the Pod,
/// the container or the log that a request is about, and leads to the runtime for everything that
/// streams.
package dev.tiphys.node.agent;
