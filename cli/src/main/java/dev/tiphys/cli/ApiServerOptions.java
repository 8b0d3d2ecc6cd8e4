package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What can be said of an API server that is to be started.
final class ApiServerOptions {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster keeps its data. Default: ${DEFAULT-VALUE}.")
  Path dataDirectory = DataDirectory.usual();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where the API server listens; 0 for any free port. Default: ${DEFAULT-VALUE}.")
  int port = 6443;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the administrator's kubeconfig is written. Default: it is merged into"
              + " ~/.kube/config as the context 'tiphys'.")
  @Nullable Path kubeconfig;

  @Option(
      names = "--token-auth-file",
      paramLabel = "FILE",
      description = "A file of bearer tokens: token,user,uid,\"group1,group2\".")
  @Nullable Path tokenFile;

  @Mixin StoreChoice store = new StoreChoice();
}
