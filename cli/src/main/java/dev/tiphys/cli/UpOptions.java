package dev.tiphys.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What can be said of a cluster that is to be started.
final class UpOptions {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster keeps its data.")
  Path dataDirectory = DataDirectory.usual();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where the API server listens. Default: ${DEFAULT-VALUE}.")
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

  @Option(
      names = "--detach",
      description = "Return once the cluster is ready, and leave it running.")
  boolean detach;
}
