package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.allocation.ServiceRanges;
import dev.tiphys.apiserver.authentication.Authenticator;
import dev.tiphys.apiserver.authentication.ClientCertificates;
import dev.tiphys.apiserver.authentication.RequestHeaders;
import dev.tiphys.apiserver.bootstrap.ClusterInfo;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.bootstrap.Delegation;
import dev.tiphys.apiserver.http.Health;
import dev.tiphys.apiserver.http.HttpFront;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.data.Certificates;
import dev.tiphys.cli.data.RenewedCredential;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.controllers.SigningSettings;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.monitoring.metricsapi.FrontProxy;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.pki.token.TokenSigner;
import dev.tiphys.store.Store;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// The API server behind HTTPS, with the objects that every cluster has.
public final class ApiServerRole implements AutoCloseable {

  /// The name that servers of other groups let speak for users.
  private static final String FRONT_PROXY = "front-proxy-client";

  private static final String FRONT_PROXIES = "front-proxy";

  private final ApiServer server;
  private final HttpServer http;
  private final int port;
  private final Certificates certificates;
  private final World world;
  private final List<SupervisedTask> renewals = new CopyOnWriteArrayList<>();
  private final RenewedCredential admin;

  private ApiServerRole(
      ApiServer server,
      HttpServer http,
      int port,
      Certificates certificates,
      World world,
      SupervisedTask renewal) {
    this.world = world;
    this.renewals.add(renewal);
    this.server = server;
    this.http = http;
    this.port = port;
    this.certificates = certificates;
    this.admin =
        certificates.renewed(
            "admin", Subject.client("kubernetes-admin", UserInfo.MASTERS), KeyType.RSA);
  }

  /// Starts it. When this returns it is ready.
  ///
  /// @param store stays the caller's
  /// @throws CliException if the port can't be had, or a file can't be read
  public static ApiServerRole start(
      World world, Store store, Certificates certificates, ServerSettings settings, Health health) {
    ApiServer server =
        new ApiServer(
            store,
            world,
            new ApiServerSettings(
                settings.eventLife(),
                settings.authentication().settings(new TokenSigner(certificates.keys("sa"))),
                settings.admission(),
                settings.encryption().open(world),
                settings.audit().open(world),
                settings.services(),
                settings.advises(),
                settings.served(),
                settings.gates()));
    settings.authorization().applyTo(server);
    Certificates proxies = certificates.beside(FRONT_PROXIES);
    Delegation delegation =
        new Delegation(certificates.authorities(), proxies.authorities(), FRONT_PROXY);
    HttpServer http =
        new HttpServer(
            world,
            server.handler(
                settings
                    .authentication()
                    .of(world, server, requests(world, server, certificates, proxies)),
                health
                    .check("etcd", () -> store.revision() > 0)
                    .readyCheck("etcd-readiness", store::isWritable),
                certificates.renewed(
                    "apiserver-kubelet-client",
                    Subject.client("kube-apiserver-kubelet-client", UserInfo.MASTERS)),
                proxies.renewed("client", Subject.client(FRONT_PROXY))),
            HttpFront.LARGEST_BODY);
    try {
      String host = HostAddress.find();
      RenewedCredential own = certificates.renewed("apiserver", subject(host, settings.services()));
      List<X509Certificate> clients =
          Stream.concat(certificates.authorities().stream(), proxies.authorities().stream())
              .toList();
      Consumer<Credential> show =
          each -> http.secure(new TlsSettings(each.key(), each.chain(), clients));
      show.accept(own.get());
      int bound = http.listen(new InetSocketAddress("0.0.0.0", settings.port())).getPort();
      server
          .defaults(new ApiServerAddress(host, bound, settings.services().apiAddress()))
          .with(delegation)
          .with(
              new ClusterInfo("https://" + host + ":" + bound, Pem.of(certificates.authorities())))
          .keep();
      return new ApiServerRole(
          server,
          http,
          bound,
          certificates,
          world,
          Renewal.start(world, "apiserver-certificate", own.get(), own, show));
    } catch (IOException e) {
      http.close();
      server.close();
      throw new CliException(
          "cannot listen on port %d (%s); choose another one with --port"
              .formatted(
                  settings.port(),
                  e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    } catch (RuntimeException e) {
      http.close();
      server.close();
      throw e;
    }
  }

  /// What authenticates requests without tokens.
  private static List<Authenticator> requests(
      World world, ApiServer server, Certificates certificates, Certificates proxies) {
    ClientCertificates clients = new ClientCertificates(world, certificates.authorities());
    server.tellToo(clients::write);
    return List.of(new RequestHeaders(world, proxies.authorities(), Set.of(FRONT_PROXY)), clients);
  }

  private static Subject subject(String host, ServiceRanges services) {
    return Subject.server(
        "kube-apiserver",
        List.of(
            "localhost",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "127.0.0.1",
            services.apiAddress(),
            host));
  }

  private Kubeconfig.Access access(Credential client) {
    return new Kubeconfig.Access(
        "https://127.0.0.1:" + port,
        Pem.of(certificates.authorities()),
        Pem.of(List.of(client.certificate())),
        Pem.of(client.key()),
        "");
  }

  /// How a client of its own identity reaches it, with a certificate in files, which is renewed for
  /// as long as this server runs.
  ///
  /// @param name under which its certificate is kept
  /// @param subject its identity
  public Kubeconfig.Access client(String name, Subject subject) {
    RenewedCredential client = certificates.renewed(name, subject);
    renewals.add(Renewal.start(world, name + "-certificate", client.get(), client, _ -> {}));
    return access(client.get())
        .with(
            AccessOptions.ofFiles(certificates.certificateFile(name), certificates.keyFile(name)));
  }

  /// A server of this process that the API server passes requests on to: its certificate, shown
  /// anew whenever it is renewed.
  ///
  /// @param name under which its certificate is kept
  /// @param host the name that it is called by
  public void behind(String name, String host, Consumer<TlsSettings> show) {
    serving(name, host, certificates.beside(FRONT_PROXIES).authorities(), show);
  }

  /// A server of this process that clients reach without it: its certificate, which the cluster's
  /// authority vouches for, shown anew whenever it is renewed. Clients show tokens.
  ///
  /// @param name under which its certificate is kept
  /// @param host the name that it is called by
  public void beside(String name, String host, Consumer<TlsSettings> show) {
    serving(name, host, List.of(), show);
  }

  private void serving(
      String name, String host, List<X509Certificate> clients, Consumer<TlsSettings> show) {
    RenewedCredential own = certificates.renewed(name, Subject.server(name, List.of(host)));
    Consumer<Credential> shown =
        each -> show.accept(new TlsSettings(each.key(), each.chain(), clients));
    shown.accept(own.get());
    renewals.add(Renewal.start(world, name + "-certificate", own.get(), own, shown));
  }

  /// This API server, as a client of servers behind it.
  public FrontProxy frontProxy() {
    return new FrontProxy(
        world, certificates.beside(FRONT_PROXIES).authorities(), Set.of(FRONT_PROXY));
  }

  /// The API for this process itself, which may do everything.
  ///
  /// @param user the name it goes by
  public Api api(String user) {
    return server.api(user);
  }

  /// The API for another role in this process.
  ///
  /// @param user which rights it has
  /// @param part what traces call it
  /// @param program the manager of the fields that it writes
  public Api api(UserInfo user, String part, String program) {
    return server.api(user, part, program);
  }

  /// The API for a controller in this process.
  ///
  /// @param name of the controller
  /// @param program the manager of the fields that it writes
  public Api controllerApi(String name, String program) {
    return server.controllerApi(name, program);
  }

  /// Lets its `/metrics` tell what other parts of this process count too.
  public void tellToo(Consumer<Exposition> metrics) {
    server.tellToo(metrics);
  }

  /// Lets it answer with what other parts of this process have to tell, by paths.
  public void answerToo(Function<String, Optional<Struct>> documents) {
    server.answerToo(documents);
  }

  /// Lets requests for Services be passed on to another part of this process.
  ///
  /// @param places whether it is reached at an address (`host:port`), and meant by a Service
  public void passOnToo(BiPredicate<ObjectKey, String> places) {
    server.passOnToo(places);
  }

  /// Has another part of this process refuse what it could not work with, as a validating webhook
  /// of its own would.
  ///
  /// @param name of the webhook
  /// @param refusal says why an object can't be as it is; empty if it can
  public void reviewToo(
      String name, String group, String plural, Function<Struct, String> refusal) {
    server.reviewToo(name, group, plural, refusal, _ -> List.of());
  }

  /// The same for a part that warns, too.
  ///
  /// @param warnings what the writer is told of an object that is taken
  public void reviewToo(
      String name,
      String group,
      String plural,
      Function<Struct, String> refusal,
      Function<Struct, List<String>> warnings) {
    server.reviewToo(name, group, plural, refusal, warnings);
  }

  /// How the administrator reaches it.
  public Kubeconfig.Access admin() {
    return access(admin.get());
  }

  /// Tells how the administrator reaches it whenever that has changed, for as long as this server
  /// runs.
  public void onRenewedAdmin(Consumer<Kubeconfig.Access> told) {
    renewals.add(
        Renewal.start(
            world, "admin-certificate", admin.get(), admin, next -> told.accept(access(next))));
  }

  /// What the controllers of the cluster sign with.
  public SigningSettings signing() {
    return new SigningSettings(certificates.authority(), new TokenSigner(certificates.keys("sa")));
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    renewals.forEach(SupervisedTask::close);
    http.close();
    server.close();
  }
}
