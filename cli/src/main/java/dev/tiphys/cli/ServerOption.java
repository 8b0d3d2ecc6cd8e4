package dev.tiphys.cli;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The API server that a part of a cluster works with: ours or upstream's.
final class ServerOption {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the API server is, and who this part is there. Default: ${DEFAULT-VALUE}.")
  private Path file = AdminKubeconfig.usual();

  /// @throws CliException if the file does not say it
  Kubeconfig.Access access() {
    try {
      return Kubeconfig.read(file).current(file);
    } catch (IOException e) {
      throw new CliException(
          "cannot use the kubeconfig (%s); name another one with --kubeconfig"
              .formatted(e.getMessage()),
          e);
    }
  }

  /// Makes sure that the server answers.
  ///
  /// @throws CliException if it does not, or not to us
  static void require(HttpApi api, Kubeconfig.Access access) {
    try {
      api.discover();
    } catch (ApiException e) {
      throw new CliException(
          "the API server at %s cannot be used: %s".formatted(access.server(), e.message()), e);
    }
  }
}
