package dev.tiphys.network.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.network.proxy.ProxySettings;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Condition;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.object.Struct;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Calls from Pods to Services that are governed, with packets.
@Tag("node")
class MeshOnNodeTest {

  private PodHost node;
  private LiveApi api;
  private Proxy proxy;
  private Host client;
  private HttpRouter router;
  private Mesh mesh;
  private String address;
  private String free;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi();
    api.apply(ApiResource.NODES, "metadata: {name: node-1}");
    client = node.addPod(9);
    node.addServer(2, 8080);
    proxy = new Proxy(api.world(), api.api(), ProxySettings.of(node.settings()));
    proxy.start();
    address = service("web");
    free = service("free");
    // threads and sockets of the router belong to the node
    node.host()
        .in(
            () -> {
              router = new HttpRouter(api.world(), RouterSettings.usual(1), Observer.NONE);
              mesh =
                  new Mesh(
                      api.world(),
                      router,
                      List.of(InetAddress.ofLiteral(node.address())),
                      new KernelRedirects(node.settings()),
                      Mesh.Policies.NONE);
              mesh.serve("1", List.of(governed()));
              return null;
            });
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
    router.close();
    proxy.close();
    api.close();
    node.close();
  }

  private String service(String name) throws Exception {
    Struct made =
        api.apply(
            ApiResource.SERVICES,
            "{metadata: {name: %s}, spec: {ports: [{port: 80, protocol: TCP}]}}".formatted(name));
    Struct slice =
        api.apply(
            ApiResource.ENDPOINT_SLICES,
            """
            metadata: {name: %1$s-1, labels: {kubernetes.io/service-name: %1$s}}
            addressType: IPv4
            ports: [{name: '', port: 8080, protocol: TCP}]
            endpoints: [{addresses: ['%2$s'], nodeName: node-1, conditions: {ready: true}}]
            """
                .formatted(name, node.podAddress(2)));
    long revision = Long.parseLong(slice.struct("metadata").string("resourceVersion"));
    api.eventually(() -> proxy.served() >= revision);
    return made.struct("spec").string("clusterIP");
  }

  /// Answers callers by their address, so that is seen that they keep it.
  private Mesh.Governed governed() {
    InetAddress caller = InetAddress.ofLiteral(node.podAddress(9));
    Backend backend = new Backend(api.world(), "web", BackendPolicy.USUAL);
    backend.endpoints(List.of(new InetSocketAddress(node.podAddress(2), 8080)));
    return new Mesh.Governed(
        "default/web",
        80,
        List.of(InetAddress.ofLiteral(address)),
        List.of(
            new VirtualHost(
                List.of(new HostName.Any()),
                List.of(
                    new Route(
                        "own",
                        new PathMatch.Exact("/own"),
                        List.of(new Condition.Client(caller::equals)),
                        new Action.Respond(200, "text/plain", "the router knows the caller")),
                    new Route(
                        "rest",
                        new PathMatch.Characters(""),
                        new Action.Respond(200, "text/plain", "the router"))))));
  }

  private String get(Host caller, String at, String path) throws Exception {
    return caller.in(
        () -> {
          try (Socket socket = new Socket(at, 80)) {
            socket.setSoTimeout(10_000);
            socket
                .getOutputStream()
                .write(
                    "GET %s HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"
                        .formatted(path)
                        .getBytes(StandardCharsets.UTF_8));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return all.substring(all.lastIndexOf('\n') + 1);
          }
        });
  }

  @Test
  void callsToAGovernedServiceComeToTheRouterUnderTheAddressOfTheirPod() throws Exception {
    assertThat(get(client, address, "/own")).isEqualTo("the router knows the caller");
    assertThat(get(node.host(), address, "/")).isEqualTo("the router");
  }

  @Test
  void aServiceThatIsNotGovernedIsReachedAsBefore() throws Exception {
    assertThat(client.ask(Protocol.TCP, free, 80)).isEqualTo("pod-2 " + node.podAddress(9));
  }

  /// The rules go with the socket that they were made by, and so with the process.
  @Test
  void withoutTheRouterCallsReachTheEndpoints() throws Exception {
    assertThat(get(client, address, "/")).isEqualTo("the router");
    mesh.close();
    api.eventually(
        () -> client.ask(Protocol.TCP, address, 80).equals("pod-2 " + node.podAddress(9)));
  }

  /// Nobody tidies up behind a process that is killed but the kernel, and the next one takes over.
  @Test
  void whenTheProcessIsKilledCallsReachTheEndpointsUntilTheNextOneServes() throws Exception {
    mesh.close();
    for (int i = 0; i < 2; i++) {
      Process process = servingProcess();
      assertThat(get(client, address, "/")).isEqualTo("the router");

      process.destroyForcibly().waitFor();

      String calledAgain = client.ask(Protocol.TCP, address, 80);
      assertThat(calledAgain).isEqualTo("pod-2 " + node.podAddress(9));
      assertThat(node.host().run("nft", "list", "tables")).doesNotContain("test-mesh");
    }
  }

  private Process servingProcess() throws Exception {
    String path =
        Stream.of("java.class.path", "jdk.module.path")
            .map(name -> System.getProperty(name, ""))
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining(File.pathSeparator));
    String tests = Path.of("target", "test-classes").toAbsolutePath().toString();
    Process process =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                node.host().name(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path + File.pathSeparator + tests,
                ServingMesh.class.getName(),
                node.address(),
                address)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("serving");
    return process;
  }

  @Test
  void aServiceMayBeGovernedAndLeftAgain() throws Exception {
    node.host()
        .in(
            () -> {
              mesh.serve("2", List.of());
              return null;
            });
    assertThat(client.ask(Protocol.TCP, address, 80)).isEqualTo("pod-2 " + node.podAddress(9));
    node.host()
        .in(
            () -> {
              mesh.serve("3", List.of(governed()));
              return null;
            });
    assertThat(get(client, address, "/own")).isEqualTo("the router knows the caller");
    assertThat(client.ask(Protocol.TCP, address, 81)).isEqualTo(Answers.REFUSED);
  }
}
