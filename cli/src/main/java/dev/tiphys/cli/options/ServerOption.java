package dev.tiphys.cli.options;

import dev.tiphys.cli.data.AdminKubeconfig;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.api.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The API server that a part of a cluster works with: ours or upstream's.
public final class ServerOption {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the API server is, and with which credentials to reach it. Default: the files that KUBECONFIG"
              + " names, or ~/.kube/config.")
  private @Nullable Path file;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The context of the kubeconfig to use. Default: its current one.")
  private @Nullable String context;

  /// Whether it is said which cluster is meant.
  public boolean isGiven() {
    return file != null || context != null;
  }

  /// @throws CliException if the kubeconfig does not say it
  public Kubeconfig.Access access() {
    Path named = file;
    try {
      if (named != null) {
        return access(Kubeconfig.read(named), named);
      }
      List<Path> files = AdminKubeconfig.files();
      if (files.stream().noneMatch(Files::exists)) {
        throw new IOException(files.getFirst() + " is not there");
      }
      return access(Kubeconfig.merged(files), files.getFirst());
    } catch (IOException e) {
      throw new CliException(
          "cannot use the kubeconfig (%s); name another one with --kubeconfig"
              .formatted(e.getMessage()),
          e);
    }
  }

  /// What a file says, by its current context.
  ///
  /// @throws CliException if it does not say it
  public static Kubeconfig.Access access(Path named) {
    try {
      return Kubeconfig.read(named).current(named);
    } catch (IOException e) {
      throw new CliException(
          "cannot use the kubeconfig %s: %s".formatted(named, e.getMessage()), e);
    }
  }

  private Kubeconfig.Access access(Kubeconfig config, Path origin) throws IOException {
    return context == null ? config.current(origin) : config.context(context, origin);
  }

  /// Makes sure that the server answers.
  ///
  /// @throws CliException if it does not, or not to us
  public static void require(HttpApi api, Kubeconfig.Access access) {
    try {
      api.discover();
    } catch (ApiException e) {
      throw new CliException(
          "the API server at %s cannot be used: %s".formatted(access.server(), e.message()), e);
    }
  }
}
