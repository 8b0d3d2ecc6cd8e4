package dev.tiphys.apiserver.streaming;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.CredentialKeys;
import dev.tiphys.schema.GroupVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// The way to the agents of nodes.
///
/// As upstream's server by default, it proves its identity but does not ask the agents to: their
/// certificates are mostly signed by themselves.
///
/// Threads: any.
public final class NodeAgents {

  private static final int USUAL_PORT = 10250;
  private static final Duration CONNECTING = Duration.ofSeconds(10);

  /// How long an agent may take to begin an answer.
  private static final Duration ANSWERING = Duration.ofSeconds(60);

  private static final List<String> ADDRESS_TYPES =
      List.of("InternalIP", "Hostname", "InternalDNS", "ExternalDNS", "ExternalIP");

  private final Catalog catalog;
  private final SSLContext tls;
  private final HttpClient client;

  /// @param own what the server proves itself to agents with at the moment
  public NodeAgents(Catalog catalog, Supplier<Credential> own) {
    this.catalog = catalog;
    this.tls = tls(own);
    this.client =
        HttpClient.newBuilder()
            .sslContext(tls)
            .connectTimeout(CONNECTING)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  private static SSLContext tls(Supplier<Credential> own) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {new CredentialKeys(own)}, new TrustManager[] {new AnyPeer()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java speaks no TLS: " + e.getMessage(), e);
    }
  }

  /// The agent of the node that a Pod is on.
  ///
  /// @throws ApiException if the Pod is on none, or the node does not say where its agent is
  NodeAgent of(Struct pod) {
    String name = pod.string("metadata", "name");
    String node = pod.string("spec", "nodeName");
    if (node.isEmpty()) {
      throw ApiException.badRequest("pod " + name + " does not have a host assigned");
    }
    return ofNode(node);
  }

  /// The agent of a node.
  ///
  /// @throws ApiException if there is no such node, or it does not say where its agent is
  public NodeAgent ofNode(String name) {
    var nodes = catalog.find(new GroupVersion("", "v1"), "nodes");
    if (nodes == null) {
      throw ApiException.internal("nodes are not served");
    }
    Struct node = nodes.registry().get("", name).object();
    long port = node.integer("status", "daemonEndpoints", "kubeletEndpoint", "Port");
    for (String type : ADDRESS_TYPES) {
      for (Struct address : node.structs("status", "addresses")) {
        if (address.string("type").equals(type)) {
          return new NodeAgent(address.string("address"), port == 0 ? USUAL_PORT : (int) port);
        }
      }
    }
    throw ApiException.internal("no preferred addresses found; known addresses: []");
  }

  /// What agents are spoken to with.
  public SSLContext tls() {
    return tls;
  }

  /// Asks an agent for something that it may go on telling for long.
  HttpResponse<InputStream> get(NodeAgent agent, RequestTarget target) throws InterruptedException {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(agent.url(target))).timeout(ANSWERING).GET().build(),
          HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw unreachable(agent, target, e);
    }
  }

  /// A connection to an agent, for what HTTP does not know.
  Socket connect(NodeAgent agent, RequestTarget target) {
    try {
      Socket plain = new Socket();
      plain.connect(new InetSocketAddress(agent.host(), agent.port()), (int) CONNECTING.toMillis());
      plain.setTcpNoDelay(true);
      SSLSocket secure =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, agent.host(), agent.port(), true);
      secure.startHandshake();
      return secure;
    } catch (IOException e) {
      throw unreachable(agent, target, e);
    }
  }

  private static ApiException unreachable(
      NodeAgent agent, RequestTarget target, IOException cause) {
    return ApiException.of(
        Reason.INTERNAL_ERROR, "Get \"" + agent.url(target) + "\": " + cause.getMessage());
  }
}
