package dev.tiphys.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `tiphys up`
@Command(
    name = "up",
    description = "Starts a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpCommand implements Runnable {

  @Mixin private UpOptions options = new UpOptions();

  @Override
  public void run() {
    try (Cluster cluster = Cluster.start(options)) {
      cluster.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
