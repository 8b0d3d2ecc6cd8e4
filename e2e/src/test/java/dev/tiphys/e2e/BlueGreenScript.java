package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The script `blue-green-deploy.sh` that people copy, as it is written: but for its five minutes
/// of sleep, in whose place something else is waited for.
final class BlueGreenScript {

  private static final Path MANIFESTS = TestCluster.HOME.resolve("docs/manifests");

  private final TestCluster cluster;
  private final Path programs;

  /// @param directory where programs can be put
  /// @param pause what a shell does in place of the five minutes
  BlueGreenScript(TestCluster cluster, Path directory, String pause) throws IOException {
    this.cluster = cluster;
    programs = Files.createDirectory(directory.resolve("programs"));
    Path sleep =
        Files.writeString(
            programs.resolve("sleep"), "#!/bin/sh\n[ \"$1\" = 300 ] || exit 1\n" + pause + "\n");
    assertThat(sleep.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(programs.resolve("kubectl"), TestCluster.kubectl());
  }

  /// Has the first version served, and returns the address of its Service.
  ///
  /// @param images that are loaded before
  /// @param more what is applied besides
  String serve(Iterable<String> images, String more) {
    for (String image : images) {
      cluster.load(ContainersTest.IMAGES.resolve(image + ".tar"));
    }
    cluster.k("apply", "-f", MANIFESTS.resolve("as-written/3-blue.yaml").toString());
    cluster.apply(more);
    cluster.k("rollout", "status", "deployment/myapp-blue", "--timeout=120s");
    String address =
        cluster.await(
            "the Service has an address",
            out -> !out.isBlank(),
            "get",
            "service",
            "myapp-service",
            "-o",
            "jsonpath={.status.loadBalancer.ingress[0].ip}");
    Pages.await(address, "myapp v1.0");
    return address;
  }

  /// Deploys a version, such as `v2.0`.
  Command.Result deploy(String version) {
    return new Command(MANIFESTS.resolve("delivery/blue-green-deploy.sh").toString(), version)
        .with("KUBECONFIG", cluster.kubeconfig().toString())
        .with("PATH", programs + ":" + System.getenv("PATH"))
        .run();
  }
}
