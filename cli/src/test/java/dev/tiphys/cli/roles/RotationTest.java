package dev.tiphys.cli.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.data.Certificates;
import dev.tiphys.cli.data.RenewedCredential;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.controllers.ControllerManager;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.SigningSettings;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.VirtualWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Years of a cluster's life without a restart: each certificate is another one before it expires.
class RotationTest {

  private final VirtualWorld world = new VirtualWorld(1);
  @TempDir Path directory;

  /// What the API server and the agent show, and what other processes read from files: all are kept
  /// and renewed in the same way.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiserver",
        "apiserver-kubelet-client",
        "front-proxy-client",
        "kubelet",
        "kubelet-client",
        "admin",
        "scheduler",
        "controller-manager"
      })
  void whatIsShownNeverNearsItsEnd(String name) throws Exception {
    Certificates certificates = new Certificates(world, directory);
    RenewedCredential own = certificates.renewed(name, Subject.client(name));
    AtomicReference<Credential> shown = new AtomicReference<>(own.get());
    try (SupervisedTask _ = Renewal.start(world, name, own.get(), own, shown::set)) {
      for (int month = 0; month < 26; month++) {
        world.advance(Duration.ofDays(29));
        assertLives(shown.get().certificate());
        assertLives(certificate(certificates.certificateFile(name)));
      }
    }
  }

  private void assertLives(X509Certificate certificate) {
    assertThat(certificate.getNotAfter().toInstant())
        .isAfter(world.now().plus(Duration.ofDays(29)));
  }

  private static X509Certificate certificate(Path file) throws Exception {
    return Pem.certificates(Files.readString(file)).getFirst();
  }

  @Test
  void aJoinedNodeAsksForItsNextCertificateInTime() throws Exception {
    Certificates certificates = new Certificates(world, directory.resolve("pki"));
    Path node = Files.createDirectories(directory.resolve("node"));
    Credential first =
        certificates
            .authority()
            .issue(Subject.client("system:node:n1", "system:nodes"), Duration.ofHours(10));
    Files.writeString(node.resolve("kubelet-client.key"), Pem.of(first.key()));
    Path file = Files.writeString(node.resolve("kubelet-client.crt"), Pem.of(first.chain()));
    try (ApiServer server =
            new ApiServer(
                EmbeddedStore.inMemory(world),
                world,
                ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
        ControllerManager controllers =
            new ControllerManager(
                world,
                name -> server.controllerApi(name, "it"),
                ControllerSettings.DEFAULT.withSigning(
                    new SigningSettings(certificates.authority(), null)))) {
      server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
      controllers.start();
      NodeCertificate certificate =
          NodeCertificate.ofNode(
              world, new Kubeconfig.Access("https://unused", "", "", "", ""), node, "n1");
      try (SupervisedTask _ =
          certificate.renew(server.api(UserInfo.ofNode("n1"), "kubelet", "kubelet"))) {
        world.advance(Duration.ofHours(6));
        assertThat(certificate(file)).isEqualTo(first.certificate());

        world.advance(Duration.ofHours(3));

        assertThat(certificate(file)).isNotEqualTo(first.certificate());
        assertThat(certificate(file).getNotAfter()).isAfter(first.certificate().getNotAfter());
      }
    }
  }
}
