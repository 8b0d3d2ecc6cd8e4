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
    return of(file, context).access();
  }

  /// A cluster, and the namespace that is meant unless another one is named.
  public record Place(Kubeconfig.Access access, String namespace) {}

  /// Where a kubeconfig leads.
  ///
  /// @param named null for the files that `KUBECONFIG` names, or the usual one
  /// @param context null for the current one
  /// @throws CliException if the kubeconfig does not say it
  public static Place of(@Nullable Path named, @Nullable String context) {
    try {
      if (named != null) {
        return place(Kubeconfig.read(named), named, context);
      }
      List<Path> files = AdminKubeconfig.files();
      if (files.stream().noneMatch(Files::exists)) {
        throw new IOException(files.getFirst() + " is not there");
      }
      return place(Kubeconfig.merged(files), files.getFirst(), context);
    } catch (IOException e) {
      throw new CliException(
          "cannot use the kubeconfig (%s); name another one with --kubeconfig"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static Place place(Kubeconfig config, Path origin, @Nullable String context)
      throws IOException {
    return new Place(
        context == null ? config.current(origin) : config.context(context, origin),
        config.namespace(context));
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
