package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A proxy that ends without a word, while the cluster goes on: what it left goes on to work, and
/// the next one makes of it what is wanted by then.
@Tag("node")
class KilledOnNodeTest {
  private PodHost node;
  private LiveApi api;
  private Host client;
  private Proxy proxy;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi();
    api.apply(ApiResource.NODES, "metadata: {name: node-1}");
    client = node.addPod(9);
    node.addServer(2, 8080);
    node.addServer(3, 8080);
    proxy = startProxy();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    api.close();
    node.close();
  }

  private Proxy startProxy() throws IOException {
    Proxy started = new Proxy(api.world(), api.api(), ProxySettings.of(node.settings()));
    started.start();
    return started;
  }

  private String service(String name, String spec) {
    return api.apply(
            ApiResource.SERVICES,
            "metadata: {name: %s}\nspec: {ports: [{port: 80, targetPort: 8080}], %s}"
                .formatted(name, spec))
        .struct("spec")
        .string("clusterIP");
  }

  private long endpoint(String service, int pod, int port) {
    Struct slice =
        api.apply(
            ApiResource.ENDPOINT_SLICES,
            """
            metadata: {name: %1$s-1, labels: {kubernetes.io/service-name: %1$s}}
            addressType: IPv4
            ports: [{name: '', port: %2$d, protocol: TCP}]
            endpoints: [{addresses: ['%3$s'], nodeName: node-1, conditions: {ready: true}}]
            """
                .formatted(service, port, node.podAddress(pod)));
    return Long.parseLong(slice.struct("metadata").string("resourceVersion"));
  }

  private void served(long revision) throws Exception {
    api.eventually(() -> proxy.served() >= revision);
  }

  private String ask(String address) throws Exception {
    return client.ask(Protocol.TCP, address, 80);
  }

  /// The rules, without what counts and without clients that are remembered.
  private String rules() {
    return node.host()
        .run("nft", "--stateless", "list", "ruleset")
        .replaceAll("elements = \\{[^}]*expires[^}]*\\}", "");
  }

  @Test
  void whatChangedMeanwhileIsMadeGoodAndNothingStaleIsLeft() throws Exception {
    String web = service("web", "type: NodePort");
    String old = service("old", "sessionAffinity: ClientIP");
    endpoint("old", 2, 8080);
    served(endpoint("web", 2, 8080));
    assertThat(ask(old)).startsWith("pod-2 ");

    proxy.close();
    api.delete(ApiResource.SERVICES, "old");
    api.api().delete(ApiResource.ENDPOINT_SLICES, "default", "old-1", DeleteOptions.DEFAULT);
    String fresh = service("fresh", "type: ClusterIP");
    endpoint("fresh", 2, 8080);
    long last = endpoint("web", 3, 8080);
    assertThat(ask(web)).as("what it left is in force").startsWith("pod-2 ");
    assertThat(ask(old)).startsWith("pod-2 ");

    proxy = startProxy();
    served(last);
    assertThat(ask(web)).startsWith("pod-3 ");
    assertThat(ask(fresh)).startsWith("pod-2 ");
    assertThat(ask(old)).isEqualTo(Answers.SILENT);

    String taken = rules();
    proxy.close();
    Proxy.clean(node.settings());
    assertThat(rules()).isEmpty();
    proxy = startProxy();
    served(last);
    assertThat(rules()).as("as if there had been no other").isEqualTo(taken);
  }

  @Test
  void aConnectionOutlivesTheProxyAndItsSuccessor() throws Exception {
    String web = service("web", "type: ClusterIP");
    try (ServerSocket server = node.addPod(4).in(() -> new ServerSocket(8090))) {
      served(endpoint("web", 4, 8090));
      try (Socket caller = client.in(() -> new Socket(InetAddress.ofLiteral(web), 80));
          Socket callee = server.accept()) {
        assertPasses(caller, callee);
        proxy.close();
        assertPasses(caller, callee);
        proxy = startProxy();
        served(endpoint("web", 2, 8080));
        assertPasses(caller, callee);
        assertThat(ask(web)).startsWith("pod-2 ");
        assertPasses(callee, caller);
      }
    }
  }

  private static void assertPasses(Socket from, Socket to) throws IOException {
    from.getOutputStream().write('x');
    to.setSoTimeout(5000);
    assertThat(to.getInputStream().read()).isEqualTo('x');
  }
}
