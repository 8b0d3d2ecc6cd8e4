package dev.tiphys.cli.roles;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.SigningRequest;
import dev.tiphys.pki.Subject;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// A certificate by which a node proves itself to a cluster that it joins: the node's own, asked
/// for with a token at first, and then, when four fifths of its life are over, with itself; or that
/// of the parts of its network, which the node asks for. See
/// <https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/>.
public final class NodeCertificate {

  private static final System.Logger LOG = System.getLogger(NodeCertificate.class.getName());
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration PERIOD = Duration.ofMinutes(10);
  private static final double RENEWED_AFTER = 0.8;

  /// The group of the parts of all nodes' networks.
  public static final String NETWORK = "system:tiphys:node-network";

  private static final ApiResource REQUESTS =
      new ApiResource(
          GroupVersion.parse("certificates.k8s.io/v1"),
          "certificatesigningrequests",
          "CertificateSigningRequest",
          false);

  private final World world;
  private final Kubeconfig.Access server;
  private final Subject subject;
  private final String signer;
  private final Path certificate;
  private final Path key;

  private NodeCertificate(
      World world,
      Kubeconfig.Access server,
      Path directory,
      String file,
      Subject subject,
      String signer) {
    this.world = world;
    this.server = server;
    this.subject = subject;
    this.signer = signer;
    this.certificate = directory.resolve(file + ".crt");
    this.key = directory.resolve(file + ".key");
  }

  /// That of a node.
  ///
  /// @param server where the cluster is, and the token to join it with
  /// @param directory where the key and the certificate are kept
  /// @param node what the node is called
  public static NodeCertificate ofNode(
      World world, Kubeconfig.Access server, Path directory, String node) {
    return new NodeCertificate(
        world,
        server,
        directory,
        "kubelet-client",
        Subject.client("system:node:" + node, "system:nodes"),
        "kubernetes.io/kube-apiserver-client-kubelet");
  }

  /// That of the parts of a node's network.
  ///
  /// @param server the cluster, as the node sees it
  /// @param directory where the key and the certificate are kept
  /// @param node what the node is called
  public static NodeCertificate ofNetwork(
      World world, Kubeconfig.Access server, Path directory, String node) {
    return new NodeCertificate(
        world,
        server,
        directory,
        "node-network",
        Subject.client(NETWORK + ":" + node, NETWORK),
        "kubernetes.io/kube-apiserver-client");
  }

  /// Access to the cluster as the node. Asks for a certificate if there is none that is good, and
  /// waits until it is given.
  ///
  /// @throws CliException if it is refused, or not given in time
  public Kubeconfig.Access access() throws InterruptedException {
    try {
      if (!isGood()) {
        obtain(new HttpApi(world, server, "kubelet"));
      }
      return new Kubeconfig.Access(
          server.server(),
          server.authority(),
          Files.readString(certificate),
          Files.readString(key),
          "",
          AccessOptions.ofFiles(certificate, key));
    } catch (IOException e) {
      throw new CliException("cannot keep the node's certificate: " + e.getMessage(), e);
    } catch (ApiException e) {
      throw new CliException(
          "the node may not join the cluster at %s: %s".formatted(server.server(), e.message()), e);
    }
  }

  private boolean isGood() throws IOException {
    if (!Files.exists(certificate) || !Files.exists(key)) {
      return false;
    }
    X509Certificate known = Pem.certificates(Files.readString(certificate)).getFirst();
    return known.getNotAfter().toInstant().isAfter(world.now())
        && known.getSubjectX500Principal().getName().contains("CN=" + subject.name() + ",");
  }

  /// Renews it in time, for as long as the task runs.
  ///
  /// @param api as the node
  public SupervisedTask renew(Api api) {
    return world
        .supervisor()
        .start(
            certificate.getFileName().toString(),
            () -> {
              while (true) {
                world.background().sleep(PERIOD);
                if (isDue()) {
                  tryToRenew(api);
                }
              }
            });
  }

  private boolean isDue() {
    try {
      X509Certificate known = Pem.certificates(Files.readString(certificate)).getFirst();
      Instant start = known.getNotBefore().toInstant();
      Duration life = Duration.between(start, known.getNotAfter().toInstant());
      return world.now().isAfter(start.plusMillis((long) (life.toMillis() * RENEWED_AFTER)));
    } catch (IOException | IllegalArgumentException e) {
      return true;
    }
  }

  private void tryToRenew(Api api) throws InterruptedException {
    try {
      obtain(api);
      LOG.log(Level.INFO, "a certificate of the node was renewed: name={0}", subject.name());
    } catch (IOException | ApiException | CliException e) {
      LOG.log(
          Level.WARNING,
          "a certificate of the node could not be renewed: name={0} error={1}",
          subject.name(),
          e.getMessage());
    }
  }

  private void obtain(Api api) throws IOException, InterruptedException {
    KeyPair keys = KeyType.EC.generate();
    String pem = SigningRequest.of(keys, subject);
    byte[] chance = new byte[8];
    world.random().nextBytes(chance);
    String name = "node-csr-" + HexFormat.of().formatHex(chance);
    api.create(
        REQUESTS,
        Struct.of(
            "metadata",
            Struct.of("name", name),
            "spec",
            new StructBuilder()
                .add("request", Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII)))
                .add("signerName", signer)
                .add("usages", List.of("digital signature", "client auth"))
                .build()));
    String signed = awaited(api, name);
    write(key, Pem.of(keys.getPrivate()));
    write(certificate, signed);
  }

  private String awaited(Api api, String name) throws InterruptedException {
    long end = world.nanoTime() + PATIENCE.toNanos();
    while (world.nanoTime() < end) {
      Struct request = api.get(REQUESTS, "", name);
      String signed = request.string("status", "certificate");
      if (!signed.isEmpty()) {
        return new String(Base64.getDecoder().decode(signed), US_ASCII);
      }
      for (Struct condition : request.structs("status", "conditions")) {
        if (!condition.string("type").equals("Approved")) {
          throw new CliException(
              "the node's certificate is not given: %s: %s"
                  .formatted(condition.string("reason"), condition.string("message")));
        }
      }
      world.sleep(PAUSE);
    }
    throw new CliException(
        "the node's certificate was not given within %d minutes; approve it with 'kubectl certificate approve %s'"
            .formatted(PATIENCE.toMinutes(), name));
  }

  private static void write(Path file, String text) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    Path fresh =
        Files.createTempFile(
            directory,
            "new",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
