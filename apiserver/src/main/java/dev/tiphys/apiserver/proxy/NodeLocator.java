package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.apiserver.streaming.NodeAgent;
import dev.tiphys.apiserver.streaming.NodeAgents;
import javax.net.ssl.SSLContext;

/// Nodes answer by their agents, to which the server proves its identity, or at another port.
///
/// @param tls for other ports that are asked for by https
record NodeLocator(NodeAgents agents, SSLContext tls) implements Locator {

  @Override
  public Backend locate(ResourceRequest request) {
    ProxiedName wanted = ProxiedName.parse("node", request.target().name());
    NodeAgent agent = agents.ofNode(wanted.name());
    Addresses.check(agent.host());
    String port = Integer.toString(agent.port());
    return wanted.port().isEmpty() || wanted.port().equals(port)
        ? new Backend(agent.host(), port, agents.tls())
        : new Backend(agent.host(), wanted.port(), wanted.isSecure() ? tls : null);
  }
}
