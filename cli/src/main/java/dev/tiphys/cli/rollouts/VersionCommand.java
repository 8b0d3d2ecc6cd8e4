package dev.tiphys.cli.rollouts;

import dev.tiphys.apiserver.discovery.ServerVersion;
import picocli.CommandLine.Command;

/// `version`
@Command(
    name = "version",
    description = "Says which version this is.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable {

  @Override
  public void run() {
    System.out.println("kubectl-argo-rollouts: tiphys " + ServerVersion.TIPHYS);
  }
}
