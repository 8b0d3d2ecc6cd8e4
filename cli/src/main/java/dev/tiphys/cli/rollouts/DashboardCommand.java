package dev.tiphys.cli.rollouts;

import picocli.CommandLine.Command;

/// `dashboard`: where pictures are.
@Command(
    name = "dashboard",
    description = "Says where rollouts can be watched.",
    mixinStandardHelpOptions = true)
final class DashboardCommand implements Runnable {

  @Override
  public void run() {
    System.out.println(
        "There are no pages of Rollouts. What one does is shown as it happens by"
            + " 'kubectl argo rollouts get rollout NAME --watch', and what it has set in motion by"
            + " 'tiphys trace rollout/NAME'.");
  }
}
