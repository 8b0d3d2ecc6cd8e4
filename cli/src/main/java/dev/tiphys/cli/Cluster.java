package dev.tiphys.cli;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.authentication.Authenticator;
import dev.tiphys.apiserver.authentication.ClientCertificates;
import dev.tiphys.apiserver.authentication.TokenFile;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.http.Health;
import dev.tiphys.apiserver.http.HttpFront;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.http.HttpServer;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.store.Store;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A whole cluster in this process: puts the parts together, in order.
final class Cluster implements AutoCloseable {

  private final CountDownLatch end = new CountDownLatch(1);
  private final List<AutoCloseable> parts = new ArrayList<>();

  private Cluster() {}

  static Cluster start(UpOptions options) {
    Cluster cluster = new Cluster();
    try {
      cluster.assemble(options);
      return cluster;
    } catch (IOException e) {
      cluster.close();
      throw new CliException(
          e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause().getMessage()), e);
    }
  }

  private void assemble(UpOptions options) throws IOException {
    DataDirectory data = DataDirectory.make(options.dataDirectory);
    World world = new RealWorld();
    Certificates certificates = new Certificates(world, data.pki());
    Store store = add(EmbeddedStore.open(data.store(), world));
    ApiServer server = add(new ApiServer(store, world));
    List<Authenticator> authenticators = new ArrayList<>();
    authenticators.add(new ClientCertificates(world, List.of(certificates.authorityCertificate())));
    if (options.tokenFile != null) {
      authenticators.add(new TokenFile(options.tokenFile));
    }
    Health health =
        new Health().check("ping", () -> true).check("etcd", () -> store.revision() > 0);
    HttpServer http =
        add(
            new HttpServer(
                world,
                server.handler(
                    new Authentication(authenticators),
                    health,
                    certificates.of(
                        "apiserver-kubelet-client",
                        Subject.client("kube-apiserver-kubelet-client", UserInfo.MASTERS))),
                HttpFront.LARGEST_BODY));
    Credential serving =
        certificates.of(
            "apiserver",
            Subject.server(
                "kube-apiserver",
                List.of(
                    "localhost",
                    "kubernetes",
                    "kubernetes.default",
                    "kubernetes.default.svc",
                    "kubernetes.default.svc.cluster.local",
                    "127.0.0.1")));
    http.secure(
        new TlsSettings(
            serving.key(), serving.chain(), List.of(certificates.authorityCertificate())));
    InetSocketAddress address = http.listen(new InetSocketAddress("0.0.0.0", options.port));
    Credential admin =
        certificates.of("admin", Subject.client("kubernetes-admin", UserInfo.MASTERS));
    Kubeconfig.Access access =
        new Kubeconfig.Access(
            "https://127.0.0.1:" + address.getPort(),
            Pem.of(List.of(certificates.authorityCertificate())),
            Pem.of(List.of(admin.certificate())),
            Pem.of(admin.key()),
            "");
    Path file =
        options.kubeconfig == null
            ? Path.of(System.getProperty("user.home", "."), ".kube", "config")
            : options.kubeconfig;
    Kubeconfig config =
        options.kubeconfig == null && Files.exists(file)
            ? Kubeconfig.read(file).with("tiphys", access)
            : Kubeconfig.of("tiphys", access);
    config.write(file);
    server
        .defaults(new ApiServerAddress(HostAddress.find(), address.getPort(), "10.96.0.1"))
        .keep();
    Files.writeString(data.pidFile(), ProcessHandle.current().pid() + "\n");
    System.out.println("ready: https://127.0.0.1:" + address.getPort());
  }

  private <T extends AutoCloseable> T add(T part) {
    parts.addFirst(part);
    return part;
  }

  void awaitEnd() throws InterruptedException {
    end.await();
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        System.err.println("tiphys: closing failed: " + e.getMessage());
      }
    }
  }
}
