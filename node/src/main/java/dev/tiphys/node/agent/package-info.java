/// The node agent: [dev.tiphys.node.agent.NodeAgent] registers the node, keeps its status, and runs
/// the Pods that are bound to it.
package dev.tiphys.node.agent;
